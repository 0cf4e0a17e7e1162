package io.orrery.registry.lfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class LfsPropertiesTest {
    @Test
    void defaults() {
        assertThat(bind(Map.of())).isEqualTo(new LfsProperties(DataSize.ofGigabytes(5), DataSize.ofMegabytes(64)));
    }

    @Test
    void everyKey() {
        assertThat(bind(Map.of(
                        "orrery.registry.lfs.multipart-threshold", "7MB",
                        "orrery.registry.lfs.part-size", "6MB")))
                .isEqualTo(new LfsProperties(DataSize.ofMegabytes(7), DataSize.ofMegabytes(6)));
    }

    @Test
    void partsThatClientsWouldNotSendAreRefused() {
        assertThatThrownBy(() -> bind(Map.of("orrery.registry.lfs.part-size", "4MB")))
                .hasRootCauseMessage("orrery.registry.lfs.multipart-threshold (5368709120B) must be positive and"
                        + " part-size (4194304B) at least 5242880B");
    }

    private static LfsProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("orrery.registry.lfs", LfsProperties.class);
    }
}
