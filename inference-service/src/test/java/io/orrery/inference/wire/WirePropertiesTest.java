package io.orrery.inference.wire;

import static io.orrery.inference.Binding.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class WirePropertiesTest {
    @Test
    void defaults() {
        assertThat(bind(WireProperties.class, Map.of()))
                .isEqualTo(new WireProperties(
                        DataSize.ofMegabytes(64),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(10)));
    }

    @Test
    void everyKey() {
        assertThat(bind(
                        WireProperties.class,
                        Map.of("max-request", "1MB", "ping", "1s", "look", "20ms", "patience", "5s")))
                .isEqualTo(new WireProperties(
                        DataSize.ofMegabytes(1), Duration.ofSeconds(1), Duration.ofMillis(20), Duration.ofSeconds(5)));
    }

    @Test
    void limitsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> bind(WireProperties.class, Map.of("max-request", "3GB")))
                .hasRootCauseMessage(
                        "orrery.inference.max-request is 3221225472B, but must be between 1B and 2GB, since the"
                                + " body is held in memory");
        assertThatThrownBy(() -> bind(WireProperties.class, Map.of("ping", "0s")))
                .hasRootCauseMessage("orrery.inference.ping is PT0S, but must be positive");
    }
}
