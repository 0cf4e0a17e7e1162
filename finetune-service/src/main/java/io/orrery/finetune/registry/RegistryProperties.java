package io.orrery.finetune.registry;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The registry, and what is kept of it here.
 *
 * @param registryUrl where it answers
 * @param work folder of the jobs, in which {@code cache} is kept unless said otherwise
 * @param cache folder of downloaded bases
 * @param registryTimeout what the registry may take to answer, or to send the next bytes
 */
@Validated
@ConfigurationProperties("orrery.finetune")
record RegistryProperties(
        @NotNull URI registryUrl,
        @NotNull Path work,
        @Nullable Path cache,
        @DefaultValue("60s") Duration registryTimeout) {
    Path bases() {
        return cache == null ? work.resolve("cache") : cache;
    }
}
