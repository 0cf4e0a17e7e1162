package io.orrery.cli.platform;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the process was started in.
 *
 * @param variables of the environment
 * @param home the user's folder
 */
public record Surroundings(Map<String, String> variables, Path home) {
    public Surroundings {
        variables = Map.copyOf(variables);
    }

    public static Surroundings ofProcess() {
        return new Surroundings(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    /** Where downloads are kept: XDG's folder for what can be fetched again. */
    public Path cache() {
        return variable("XDG_CACHE_HOME")
                .map(Path::of)
                .orElse(home.resolve(".cache"))
                .resolve("orrery");
    }

    /** Where {@code huggingface_hub} keeps its downloads: the same variables as it looks at, in its order. */
    public Path hubCache() {
        return variable("HF_HUB_CACHE")
                .or(() -> variable("HUGGINGFACE_HUB_CACHE"))
                .map(Path::of)
                .or(() -> variable("HF_HOME").map(folder -> Path.of(folder, "hub")))
                .orElseGet(() -> variable("XDG_CACHE_HOME")
                        .map(Path::of)
                        .orElse(home.resolve(".cache"))
                        .resolve("huggingface/hub"));
    }

    Path loginFile() {
        return variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .orElse(home.resolve(".config"))
                .resolve("orrery/login.json");
    }

    /** The admin key of the platform that {@code orrery up} keeps in its default folder. */
    Path adminKeyFile() {
        return home.resolve(".orrery/admin-key");
    }
}
