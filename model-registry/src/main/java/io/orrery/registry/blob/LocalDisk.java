package io.orrery.registry.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The disk that a folder is on. */
record LocalDisk(Path folder) implements Disk {
    private static final ExecutorService SYNCS = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("blob-sync-", 0).factory());

    /** The disk begins to write while more comes: left to the end, a long content would wait for all of it there. */
    private static final class ChannelFile implements NewFile {
        private static final long EARLY = 32L << 20;

        private final FileChannel channel;
        private Future<?> early = CompletableFuture.completedFuture(null);
        private long unsynced;

        ChannelFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            unsynced += bytes.remaining();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (unsynced >= EARLY && early.isDone()) {
                unsynced = 0;
                early = SYNCS.submit(() -> {
                    channel.force(false);
                    return null;
                });
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public NewFile create(Path file) throws IOException {
        return new ChannelFile(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    @Override
    public void publish(Path from, Path to) throws IOException {
        Path target = Objects.requireNonNull(to.getParent(), "a content's place is in a folder");
        boolean isNewFolder = !Files.isDirectory(target);
        Files.createDirectories(target);
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync(target);
        if (isNewFolder) {
            for (Path at = target.getParent(); at != null && at.startsWith(folder); at = at.getParent()) {
                sync(at);
            }
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public long free() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }
}
