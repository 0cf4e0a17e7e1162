package io.orrery.hub;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One download into a folder at a time, over threads and processes. The file that is locked stays: deleting it would let two in. */
final class FolderLock implements Closeable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final FileChannel channel;
    private final FileLock lock;

    private FolderLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** @param waiting is run once where somebody else holds the lock */
    static FolderLock acquire(Path file, Duration most, Runnable waiting) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            Optional<FileLock> lock = Optional.ofNullable(tried(channel));
            if (lock.isEmpty()) {
                waiting.run();
            }
            for (Instant deadline = Instant.now().plus(most); lock.isEmpty(); ) {
                if (Instant.now().isAfter(deadline)) {
                    throw new IOException("another download held " + file + " for " + most.toMinutes() + " minutes");
                }
                HubConnection.rest(POLL);
                lock = Optional.ofNullable(tried(channel));
            }
            return new FolderLock(channel, lock.get());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tried(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another thread of this process holds it
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            lock.release();
        }
    }
}
