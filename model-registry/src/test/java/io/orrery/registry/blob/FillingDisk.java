package io.orrery.registry.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A disk that takes so many bytes more and then says what Linux says of a full one. */
public final class FillingDisk implements Disk {
    public static final long NEVER = Long.MAX_VALUE / 2;

    private final LocalDisk disk;
    private final AtomicLong room = new AtomicLong(NEVER);
    private final AtomicLong free = new AtomicLong(NEVER);

    FillingDisk(Path root) {
        this.disk = new LocalDisk(root);
    }

    /** What still can be written. */
    public void room(long bytes) {
        room.set(bytes);
    }

    /** What is told to whoever asks before writing. */
    public void free(long bytes) {
        free.set(bytes);
    }

    @Override
    public NewFile create(Path file) throws IOException {
        NewFile real = disk.create(file);
        return new NewFile() {
            @Override
            public void write(ByteBuffer bytes) throws IOException {
                if (room.addAndGet(-bytes.remaining()) < 0) {
                    throw new IOException("No space left on device");
                }
                real.write(bytes);
            }

            @Override
            public void sync() throws IOException {
                real.sync();
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }

    @Override
    public void publish(Path from, Path to) throws IOException {
        disk.publish(from, to);
    }

    @Override
    public long free() {
        return free.get();
    }

    /** Puts such a disk under the store of a context. */
    @TestConfiguration(proxyBeanMethods = false)
    public static class OfContext {
        @Bean
        FillingDisk fillingDisk(BlobProperties properties) throws IOException {
            return new FillingDisk(Files.createDirectories(properties.blobs()));
        }

        @Bean
        @Primary
        BlobStore fillingStore(BlobProperties properties, FillingDisk disk) throws IOException {
            return new LocalBlobs(
                    properties.blobs(),
                    disk,
                    new Staging(
                            properties.blobs().resolve("incoming"),
                            disk,
                            properties.reserve(),
                            properties.maxFileSize()));
        }
    }
}
