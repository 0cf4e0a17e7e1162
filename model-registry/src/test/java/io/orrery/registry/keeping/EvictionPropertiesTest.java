package io.orrery.registry.keeping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class EvictionPropertiesTest {
    @Test
    void nothingGoesUnlessSomebodyAsksForIt() {
        assertThat(bind(Map.of())).isEqualTo(new EvictionProperties(null, Duration.ofHours(2), Duration.ofMinutes(10)));
    }

    @Test
    void everyPropertyIsMapped() {
        assertThat(bind(Map.of(
                        "orrery.registry.eviction.most", "2TB",
                        "orrery.registry.eviction.grace", "1d",
                        "orrery.registry.eviction.interval", "1m")))
                .isEqualTo(new EvictionProperties(DataSize.ofTerabytes(2), Duration.ofDays(1), Duration.ofMinutes(1)));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new EvictionProperties(DataSize.ofBytes(-1), Duration.ZERO, Duration.ofMinutes(1)))
                .hasMessageContaining("orrery.registry.eviction.most");
        assertThatThrownBy(() -> new EvictionProperties(null, Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("interval (PT0S)");
    }

    private static EvictionProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("orrery.registry.eviction", EvictionProperties.class);
    }
}
