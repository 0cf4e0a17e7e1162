package io.orrery.registry.mirror;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Closes bodies that give no byte for too long: the timeout of {@code java.net.http} ends with the head, and its reader would wait forever.
 * Safe for many threads.
 */
@Component
class StallGuard implements SmartLifecycle {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final long stallNanos;
    private final Set<Watched> open = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    StallGuard(MirrorProperties properties) {
        this.stallNanos = properties.stall().toNanos();
    }

    InputStream watch(InputStream body) {
        Watched watched = new Watched(body);
        open.add(watched);
        return watched;
    }

    @Override
    public void start() {
        running = true;
        Thread.ofVirtual().name("mirror-stalls").start(this::look);
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void look() {
        try {
            while (running) {
                Thread.sleep(LOOK);
                open.forEach(Watched::closeIfStalled);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Watched extends FilterInputStream {
        private volatile long readSince;
        private volatile boolean reading;

        Watched(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            readSince = System.nanoTime();
            reading = true;
            try {
                return super.read(bytes, offset, length);
            } finally {
                reading = false;
            }
        }

        void closeIfStalled() {
            if (reading && System.nanoTime() - readSince > stallNanos) {
                try {
                    close();
                } catch (IOException e) {
                    open.remove(this);
                }
            }
        }

        @Override
        public void close() throws IOException {
            open.remove(this);
            super.close();
        }
    }
}
