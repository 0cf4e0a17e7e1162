package io.orrery.registry.mirror;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How far a content has come that one thread fetches and many read. The last bytes are for nobody before the whole is verified: a content
 * that turns out damaged was given whole to none. Guarded by its lock.
 */
final class Landing {
    static final int WITHHELD = 64 << 10;
    /** Whoever fetches gives up sooner. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Path file;
    private final long size;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long landed;
    private boolean begun;
    private boolean verified;
    private boolean over;
    private @Nullable Exception failure;

    Landing(Path file, long size) {
        this.file = file;
        this.size = size;
    }

    Path file() {
        return file;
    }

    long size() {
        return size;
    }

    /** Somebody fetches it, or waits no longer for others to end. */
    void begin() {
        change(() -> begun = true);
    }

    void grow(long bytes) {
        change(() -> landed = bytes);
    }

    /** What has come is what was promised. */
    void verify() {
        change(() -> verified = true);
    }

    /** It is kept, and no longer found here. */
    void end() {
        change(() -> over = true);
    }

    void fail(Exception why) {
        change(() -> {
            failure = why;
            over = true;
        });
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long landed() {
        lock.lock();
        try {
            return landed;
        } finally {
            lock.unlock();
        }
    }

    boolean hasBegun() {
        lock.lock();
        try {
            return begun;
        } finally {
            lock.unlock();
        }
    }

    boolean isVerified() {
        lock.lock();
        try {
            return verified;
        } finally {
            lock.unlock();
        }
    }

    /** Why nothing more comes. */
    Optional<Exception> failure() {
        lock.lock();
        try {
            return verified ? Optional.empty() : Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    /** The number of bytes that may be read now. */
    long readable() {
        lock.lock();
        try {
            return verified ? size : Math.max(0, Math.min(landed, size - WITHHELD));
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a byte may be read, and answers how many may; throws where it will not come. */
    long awaitReadable(long at) throws IOException {
        lock.lock();
        try {
            while (readable() <= at) {
                if (failure != null) {
                    throw new IOException("the content stopped coming: " + failure.getMessage(), failure);
                }
                if (!changed.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("no byte came for " + LONGEST);
                }
            }
            return readable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a content comes", e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until so many bytes have come or it is over, or the time is. */
    void await(long bytes, Duration most) {
        long left = most.toNanos();
        lock.lock();
        try {
            while (!over && !(verified && bytes < size) && landed < bytes && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
