package io.orrery.registry.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ConversionPropertiesTest {
    private static ConversionProperties bound(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("orrery.registry.conversions", ConversionProperties.class);
    }

    @Test
    void defaults() {
        assertThat(bound(Map.of()))
                .isEqualTo(new ConversionProperties(
                        1,
                        1,
                        3,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(10),
                        100,
                        (short) 1));
    }

    @Test
    void everyKeyIsMapped() {
        Map<String, String> settings = Map.of(
                "orrery.registry.conversions.workers", "0",
                "orrery.registry.conversions.threads", "8",
                "orrery.registry.conversions.attempts", "5",
                "orrery.registry.conversions.lock", "60s",
                "orrery.registry.conversions.pause", "1m",
                "orrery.registry.conversions.ring", "7s",
                "orrery.registry.conversions.ring-again", "1h",
                "orrery.registry.conversions.open", "3",
                "orrery.registry.conversions.replicas", "3");
        assertThat(bound(settings))
                .isEqualTo(new ConversionProperties(
                        0,
                        8,
                        5,
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(7),
                        Duration.ofHours(1),
                        3,
                        (short) 3));
    }

    /** What Kafka hands out again after the lock must be free then. */
    @Test
    void theLeaseEndsWellBeforeTheLock() {
        ConversionProperties properties = bound(Map.of());
        assertThat(properties.lease())
                .isLessThan(properties.lock().multipliedBy(2).dividedBy(3));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> bound(Map.of("orrery.registry.conversions.workers", "-1")))
                .isInstanceOf(BindException.class)
                .hasRootCauseMessage("orrery.registry.conversions.workers must not be negative, but is -1");
        assertThatThrownBy(() -> bound(Map.of("orrery.registry.conversions.lock", "0s")))
                .isInstanceOf(BindException.class)
                .hasRootCauseMessage("orrery.registry.conversions.lock must be positive, but is PT0S");
    }
}
