package io.orrery.cli.repository;

import io.orrery.hub.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The files of a folder that are to be pushed. */
final class FolderFiles {
    /** What holds tools' own state and is no part of a model. */
    private static final Set<String> LEFT_OUT = Set.of(".git", ".cache", ".DS_Store");

    private FolderFiles() {}

    /**
     * In the order of their paths.
     *
     * @param source a folder, or one file
     * @throws IllegalArgumentException where there is nothing to push
     */
    static List<Upload> of(Path source, Predicate<String> wanted) throws IOException {
        if (Files.isRegularFile(source)) {
            return List.of(Upload.file(source.getFileName().toString(), source));
        }
        if (!Files.isDirectory(source)) {
            throw new IllegalArgumentException("there is no folder or file " + source + " to push");
        }
        List<Upload> uploads = new ArrayList<>();
        for (Path file : files(source)) {
            Path path = source.relativize(file);
            String name = path.toString().replace('\\', '/');
            if (isKept(path) && wanted.test(name)) {
                requireContent(file);
                uploads.add(Upload.file(name, file));
            }
        }
        if (uploads.isEmpty()) {
            throw new IllegalArgumentException("there are no files in " + source + " to push");
        }
        return uploads;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> Files.isRegularFile(file) || Files.isSymbolicLink(file))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isKept(Path path) {
        return StreamSupport.stream(path.spliterator(), false).noneMatch(part -> LEFT_OUT.contains(part.toString()));
    }

    /** Files are linked, as those of a cache are; a link that leads nowhere, or to a folder, is not silently left out. */
    private static void requireContent(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    file + " is a link " + (Files.exists(file) ? "to a folder" : "to nothing")
                            + "; remove it, or leave it out with --exclude");
        }
    }
}
