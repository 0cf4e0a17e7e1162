package io.orrery.registry.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AuditPropertiesTest {
    @Test
    void linesAreKeptForThreeYears() {
        assertThat(bind(Map.of()).retention()).isEqualTo(Duration.ofDays(1095));
    }

    @Test
    void theRetentionIsMapped() {
        assertThat(bind(Map.of("orrery.registry.audit.retention", "30d")))
                .isEqualTo(new AuditProperties(Duration.ofDays(30)));
    }

    @Test
    void anAgeBelowZeroIsRefused() {
        assertThatThrownBy(() -> new AuditProperties(Duration.ofDays(-1)))
                .hasMessageContaining("orrery.registry.audit.retention");
    }

    private static AuditProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("orrery.registry.audit", AuditProperties.class);
    }
}
