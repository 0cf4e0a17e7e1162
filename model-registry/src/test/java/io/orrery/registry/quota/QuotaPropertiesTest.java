package io.orrery.registry.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class QuotaPropertiesTest {
    @Test
    void nothingIsLimitedAtFirst() {
        assertThat(bind(Map.of())).isEqualTo(new QuotaProperties(null, null));
    }

    @Test
    void everyPropertyIsMapped() {
        assertThat(bind(Map.of("orrery.registry.quota.bytes", "2GB", "orrery.registry.quota.repositories", "30")))
                .isEqualTo(new QuotaProperties(DataSize.ofGigabytes(2), 30));
    }

    @Test
    void lessThanNothingIsRefused() {
        assertThatThrownBy(() -> new QuotaProperties(DataSize.ofBytes(-1), null))
                .hasMessageContaining("orrery.registry.quota.bytes");
        assertThatThrownBy(() -> new QuotaProperties(null, -1)).hasMessageContaining("repositories (-1)");
    }

    private static QuotaProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("orrery.registry.quota", QuotaProperties.class);
    }
}
