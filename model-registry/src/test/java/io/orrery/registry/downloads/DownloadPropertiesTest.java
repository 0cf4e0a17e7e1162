package io.orrery.registry.downloads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DownloadPropertiesTest {
    @Test
    void countsAreWrittenEveryFiveSeconds() {
        assertThat(bind(Map.of())).isEqualTo(new DownloadProperties(Duration.ofSeconds(5)));
        assertThat(bind(Map.of("orrery.registry.downloads.flush", "1m")).flush())
                .isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void neverIsRefused() {
        assertThatThrownBy(() -> new DownloadProperties(Duration.ZERO))
                .hasMessageContaining("orrery.registry.downloads.flush");
    }

    private static DownloadProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("orrery.registry.downloads", DownloadProperties.class);
    }
}
