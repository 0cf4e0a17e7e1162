package io.orrery.engine.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;

/** Files that are either whole or not there: written beside their place, synced, and renamed into it. */
public final class AtomicFile {
    /** What writes the bytes, from the first one on. */
    public interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /** What reads the synced file before it gets its name. */
    public interface Check {
        /** @throws IOException where what was written is not what was to be written */
        void read(Path part) throws IOException;
    }

    private AtomicFile() {}

    /** Writes or replaces a file; makes its folder. @throws CheckpointException where that fails; nothing is left then */
    public static void write(Path to, Content content) {
        write(to, content, _ -> {});
    }

    /** The same, and the file is read by the check before it is renamed. */
    public static void write(Path to, Content content, Check check) {
        Path target = to.toAbsolutePath();
        Path folder = Objects.requireNonNull(target.getParent(), "a file has a folder");
        Path part = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.createDirectories(folder);
            try {
                writeSynced(part, content);
                check.read(part);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
            syncFolder(folder);
        } catch (IOException e) {
            throw new CheckpointException(to, "the file cannot be written: " + e.getMessage(), e);
        }
    }

    private static void writeSynced(Path part, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.writeTo(channel);
            channel.force(true);
        }
    }

    /** The new name itself is only durable once its folder is synced. */
    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
