package io.orrery.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class BlobPropertiesTest {
    @Test
    void defaults() {
        BlobProperties properties = bind(Map.of("orrery.registry.blobs", "/data/blobs"));
        assertThat(properties)
                .isEqualTo(new BlobProperties(
                        Path.of("/data/blobs"),
                        DataSize.ofMegabytes(64),
                        DataSize.ofKilobytes(16),
                        DataSize.ofGigabytes(500),
                        DataSize.ofGigabytes(2)));
    }

    @Test
    void everyKey() {
        BlobProperties properties = bind(Map.of(
                "orrery.registry.blobs", "/b",
                "orrery.registry.reserve", "1GB",
                "orrery.registry.small-content", "2KB",
                "orrery.registry.max-file-size", "3GB",
                "orrery.registry.max-commit-size", "5MB"));
        assertThat(properties)
                .isEqualTo(new BlobProperties(
                        Path.of("/b"),
                        DataSize.ofGigabytes(1),
                        DataSize.ofKilobytes(2),
                        DataSize.ofGigabytes(3),
                        DataSize.ofMegabytes(5)));
    }

    @Test
    void aNegativeReserveIsRefused() {
        assertThatThrownBy(() -> bind(Map.of("orrery.registry.blobs", "/b", "orrery.registry.reserve", "-1B")))
                .isInstanceOf(BindException.class)
                .hasRootCauseMessage("orrery.registry.reserve must not be negative, but is -1B");
    }

    private static BlobProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bind("orrery.registry", BlobProperties.class)
                .get();
    }
}
