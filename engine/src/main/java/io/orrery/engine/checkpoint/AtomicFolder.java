package io.orrery.engine.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Folders that are either whole or not there: filled beside their place and renamed into it. */
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
        Path part = parent.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        Path old = parent.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".old");
        try {
            Files.createDirectories(part);
            try {
                content.accept(part);
                if (Files.exists(target)) {
                    Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
                }
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                if (!Files.exists(target) && Files.exists(old)) {
                    Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
                }
                delete(part);
            }
            delete(old);
        } catch (IOException e) {
            throw new CheckpointException(to, "the folder cannot be written: " + e.getMessage(), e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> tree = Files.walk(folder)) {
            all = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
