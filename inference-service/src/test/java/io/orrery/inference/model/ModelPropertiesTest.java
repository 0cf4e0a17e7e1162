package io.orrery.inference.model;

import static io.orrery.inference.Binding.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelPropertiesTest {
    @Test
    void defaults() {
        assertThat(bind(ModelProperties.class, Map.of()))
                .isEqualTo(new ModelProperties(
                        URI.create("http://localhost:8081"),
                        Path.of("data/cache"),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(60),
                        32,
                        null,
                        null));
    }

    @Test
    void everyKey() {
        assertThat(bind(
                        ModelProperties.class,
                        Map.of(
                                "registry-url", "http://r:1",
                                "cache", "/c",
                                "revision-ttl", "1s",
                                "room-patience", "2s",
                                "max-adapters", "3",
                                "local-model", "/m",
                                "local-name", "n")))
                .isEqualTo(new ModelProperties(
                        URI.create("http://r:1"),
                        Path.of("/c"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        3,
                        Path.of("/m"),
                        "n"));
    }

    @Test
    void noAdaptersAtAllIsRefused() {
        assertThatThrownBy(() -> bind(ModelProperties.class, Map.of("max-adapters", "0")))
                .hasRootCauseMessage("orrery.inference.max-adapters is 0, but must be 1 or more");
    }
}
