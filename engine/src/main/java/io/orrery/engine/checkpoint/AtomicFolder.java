package io.orrery.engine.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Folders that are either whole or not there: filled beside their place, synced, and renamed into it. One writer a folder; what a
 * crash left behind is cleared, or put back, by the next.
 */
public final class AtomicFolder {
    private AtomicFolder() {}

    /**
     * Makes or replaces a folder.
     *
     * @param content fills the empty folder that it is given
     * @throws CheckpointException where that fails; an old folder stays as it was
     */
    public static void write(Path to, Consumer<Path> content) {
        Path target = to.toAbsolutePath().normalize();
        Path parent = Objects.requireNonNull(target.getParent(), "a folder has a parent");
        Path part = parent.resolve("." + target.getFileName() + ".part");
        Path old = parent.resolve("." + target.getFileName() + ".old");
        try {
            putBack(old, target);
            delete(part);
            delete(old);
            Files.createDirectories(part);
            try {
                content.accept(part);
                syncAll(part);
                if (Files.exists(target)) {
                    Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
                }
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                putBack(old, target);
                delete(part);
            }
            sync(parent);
            delete(old);
        } catch (IOException e) {
            throw new CheckpointException(to, "the folder cannot be written: " + e.getMessage(), e);
        }
    }

    private static void putBack(Path old, Path target) throws IOException {
        if (!Files.exists(target) && Files.exists(old)) {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void syncAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                sync(path);
            }
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** A folder and all in it, where it is there. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
