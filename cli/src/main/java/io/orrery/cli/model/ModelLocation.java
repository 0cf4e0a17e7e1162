package io.orrery.cli.model;

import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.repository.RepositoryName;
import io.orrery.cli.terminal.ProgressBar;
import io.orrery.cli.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where a model that was named lies on this machine: at that path, or in the cache once its repository was pulled. */
public final class ModelLocation {
    private static final String GGUF = ".gguf";

    private ModelLocation() {}

    /** Whether a name is a path that is there. */
    public static boolean isLocal(String model) {
        return Files.exists(Path.of(model));
    }

    /** Whether a name can only be a path, there or not. */
    public static boolean looksLikeAPath(String model) {
        return model.startsWith(".") || model.startsWith("/") || model.startsWith("~") || model.endsWith(GGUF);
    }

    /**
     * A folder, or a GGUF file.
     *
     * @throws IllegalArgumentException where there is nothing at the path, or nothing that can be opened
     */
    public static Path of(String model, PlatformOptions options, Terminal terminal) {
        return gguf(isLocal(model) ? Path.of(model) : pulled(model, options, terminal));
    }

    private static Path pulled(String model, PlatformOptions options, Terminal terminal) {
        if (looksLikeAPath(model)) {
            throw new IllegalArgumentException("there is no file or folder " + model);
        }
        RepositoryName repository = RepositoryName.parse(model);
        try (Platform platform = options.connect();
                ProgressBar progress = terminal.bytes("pull")) {
            return platform.hub().snapshot(repository.repo(), repository.revision(), options.cache(), progress);
        }
    }

    /** The one GGUF file of a folder that holds no other model. */
    private static Path gguf(Path path) {
        if (!Files.isDirectory(path) || Files.exists(path.resolve("config.json"))) {
            return path;
        }
        try (Stream<Path> files = Files.list(path)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(GGUF))
                    .sorted()
                    .toList();
            if (found.size() > 1) {
                throw new IllegalArgumentException(path + " holds several GGUF files; name one of them: " + found);
            }
            return found.isEmpty() ? path : found.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be listed", e);
        }
    }
}
