package io.orrery.inference.model;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where models come from and how long they stay.
 *
 * @param registryUrl of the model-registry
 * @param cache folder of downloaded snapshots
 * @param revisionTtl how long it is remembered which commit a branch names, and that its caller may see it
 * @param roomPatience how long a load waits for running requests to end, where their models fill the memory
 * @param maxAdapters adapters over one model; the least recently used goes
 * @param localModel folder or GGUF file that is served by itself, without registry, Kafka and gateway
 * @param localName its id; the folder's or file's name where absent
 */
@Validated
@ConfigurationProperties("orrery.inference")
record ModelProperties(
        @DefaultValue("http://localhost:8081") URI registryUrl,
        @DefaultValue("data/cache") Path cache,
        @DefaultValue("3s") Duration revisionTtl,
        @DefaultValue("60s") Duration roomPatience,
        @DefaultValue("32") int maxAdapters,
        @Nullable Path localModel,
        @Nullable String localName) {
    ModelProperties {
        if (revisionTtl.isNegative() || roomPatience.isNegative()) {
            throw new IllegalArgumentException("orrery.inference.revision-ttl (" + revisionTtl
                    + ") and .room-patience (" + roomPatience + ") must not be negative");
        }
        if (maxAdapters < 1) {
            throw new IllegalArgumentException(
                    "orrery.inference.max-adapters is " + maxAdapters + ", but must be 1 or more");
        }
    }
}
