package io.orrery.engine.train;

import java.io.IOException;
import java.io.UncheckedIOException;
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

/** Folders that are either whole or not there: filled beside their place under {@code NAME.tmp}, synced, and renamed. */
final class AtomicFolder {
    static final String UNFINISHED = ".tmp";

    private AtomicFolder() {}

    /**
     * Writes or replaces a folder.
     *
     * @param content fills the folder it is handed
     * @throws UncheckedIOException where that fails; nothing is left then
     */
    static void write(Path to, Consumer<Path> content) {
        Path target = to.toAbsolutePath();
        Path parent = Objects.requireNonNull(target.getParent(), "a folder that is written has one above it");
        Path part = parent.resolve(target.getFileName() + UNFINISHED);
        try {
            delete(part);
            Files.createDirectories(part);
            try {
                content.accept(part);
                syncAll(part);
                delete(target);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                delete(part);
            }
            sync(parent);
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + to + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void syncAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sync(file);
            }
        }
        sync(folder);
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** A folder and all in it, where it is there. */
    static void delete(Path folder) throws IOException {
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
