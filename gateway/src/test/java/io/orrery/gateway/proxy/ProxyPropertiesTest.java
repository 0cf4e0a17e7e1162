package io.orrery.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.gateway.Binding;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class ProxyPropertiesTest {
    @Test
    void defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new ProxyProperties(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(600),
                        Duration.ofSeconds(300),
                        DataSize.ofMegabytes(64),
                        3,
                        Duration.ofMillis(50),
                        new ProxyProperties.Breaker(5, Duration.ofSeconds(60), Duration.ofSeconds(5), 2)));
    }

    @Test
    void allKeys() {
        Map<String, String> settings = Map.ofEntries(
                Map.entry("orrery.gateway.proxy.connect-timeout", "1s"),
                Map.entry("orrery.gateway.proxy.first-byte", "2s"),
                Map.entry("orrery.gateway.proxy.inference-first-byte", "3s"),
                Map.entry("orrery.gateway.proxy.idle", "4s"),
                Map.entry("orrery.gateway.proxy.max-model-request", "5KB"),
                Map.entry("orrery.gateway.proxy.attempts", "6"),
                Map.entry("orrery.gateway.proxy.retry-pause", "7ms"),
                Map.entry("orrery.gateway.proxy.breaker.failures", "8"),
                Map.entry("orrery.gateway.proxy.breaker.window", "9s"),
                Map.entry("orrery.gateway.proxy.breaker.open", "10s"),
                Map.entry("orrery.gateway.proxy.breaker.trials", "11"));

        assertThat(bind(settings))
                .isEqualTo(new ProxyProperties(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        DataSize.ofKilobytes(5),
                        6,
                        Duration.ofMillis(7),
                        new ProxyProperties.Breaker(8, Duration.ofSeconds(9), Duration.ofSeconds(10), 11)));
    }

    @Test
    void nonsenseIsRefusedByName() {
        assertThatThrownBy(() -> bind(Map.of("orrery.gateway.proxy.idle", "0s")))
                .rootCause()
                .hasMessage("orrery.gateway.proxy.idle is PT0S, but must be positive");
        assertThatThrownBy(() -> bind(Map.of("orrery.gateway.proxy.attempts", "0")))
                .rootCause()
                .hasMessageContaining("attempts is 0");
        assertThatThrownBy(() -> bind(Map.of("orrery.gateway.proxy.max-model-request", "3GB")))
                .rootCause()
                .hasMessageContaining("held in memory");
    }

    @Test
    void anAddressMustBeOne() {
        assertThatThrownBy(() -> new UpstreamProperties.Addresses(URI.create("registry:8081"), URI.create("http://f")))
                .hasMessageContaining("orrery.gateway.registry-url is \"registry:8081\"");
    }

    @Test
    void theSecretIsLongAndNeverShown() {
        assertThatThrownBy(() -> new UpstreamProperties.Identity("short"))
                .hasMessageContaining("has 5 bytes, but needs at least 32")
                .hasMessageNotContaining("short");
        assertThat(new UpstreamProperties.Identity("x".repeat(32)).toString()).doesNotContain("xx");
    }

    private static ProxyProperties bind(Map<String, String> settings) {
        return Binding.bind("orrery.gateway.proxy", ProxyProperties.class, settings);
    }
}
