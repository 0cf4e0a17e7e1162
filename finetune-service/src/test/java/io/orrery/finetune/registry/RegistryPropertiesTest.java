package io.orrery.finetune.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.finetune.Binding;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistryPropertiesTest {
    private static final String PREFIX = "orrery.finetune";

    @Test
    void defaults() {
        RegistryProperties properties = Binding.bind(
                PREFIX, RegistryProperties.class, Map.of(PREFIX + ".registry-url", "http://r", PREFIX + ".work", "/w"));
        assertThat(properties)
                .isEqualTo(new RegistryProperties(URI.create("http://r"), Path.of("/w"), null, Duration.ofSeconds(60)));
        assertThat(properties.bases()).isEqualTo(Path.of("/w/cache"));
    }

    @Test
    void everyKey() {
        RegistryProperties properties = Binding.bind(
                PREFIX,
                RegistryProperties.class,
                Map.of(
                        PREFIX + ".registry-url", "http://r",
                        PREFIX + ".work", "/w",
                        PREFIX + ".cache", "/c",
                        PREFIX + ".registry-timeout", "3s"));
        assertThat(properties)
                .isEqualTo(new RegistryProperties(
                        URI.create("http://r"), Path.of("/w"), Path.of("/c"), Duration.ofSeconds(3)));
        assertThat(properties.bases()).isEqualTo(Path.of("/c"));
    }
}
