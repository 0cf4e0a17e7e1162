package io.orrery.registry.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class MirrorPropertiesTest {
    @Test
    void defaults() {
        MirrorProperties properties = bind(Map.of());
        assertThat(properties.upstream()).isNull();
        assertThat(properties.token()).isEmpty();
        assertThat(properties.allow()).containsExactly("*");
        assertThat(properties.deny()).isEmpty();
        assertThat(properties.localNamespaces()).isEmpty();
        assertThat(properties.offline()).isFalse();
        assertThat(properties.refresh()).isEqualTo(Duration.ofMinutes(5));
        assertThat(properties.absence()).isEqualTo(Duration.ofMinutes(1));
        assertThat(properties.patience()).isEqualTo(Duration.ofSeconds(8));
        assertThat(properties.outage()).isEqualTo(Duration.ofSeconds(5));
        assertThat(properties.connect()).isEqualTo(Duration.ofSeconds(3));
        assertThat(properties.stall()).isEqualTo(Duration.ofSeconds(30));
        assertThat(properties.transfers()).isEqualTo(32);
    }

    @Test
    void everyKey() {
        Map<String, String> given = new HashMap<>();
        given.put("upstream", "https://hub.example/base/");
        given.put("token", "hf_secret");
        given.put("allow", "a/*,b/*");
        given.put("deny", "a/bad");
        given.put("local-namespaces", "lab,team");
        given.put("offline", "true");
        given.put("refresh", "1m");
        given.put("absence", "2s");
        given.put("patience", "3s");
        given.put("outage", "4s");
        given.put("connect", "5s");
        given.put("stall", "6s");
        given.put("transfers", "7");
        MirrorProperties properties = bind(given);
        assertThat(properties)
                .isEqualTo(new MirrorProperties(
                        URI.create("https://hub.example/base"),
                        "hf_secret",
                        List.of("a/*", "b/*"),
                        List.of("a/bad"),
                        List.of("lab", "team"),
                        true,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        7));
        assertThat(properties.toString()).doesNotContain("hf_secret");
    }

    @ParameterizedTest
    @CsvSource({
        "upstream, ftp://hub, must be the address of a hub",
        "upstream, https://hub?a=b, must have no query and no password",
        "upstream, https://me:secret@hub, must have no query and no password",
        "patience, 0s, must be positive",
        "transfers, 0, must be positive",
        "refresh, -1s, must not be negative",
    })
    void whatCannotBeMeantIsRefused(String key, String value, String sentence) {
        assertThatThrownBy(() -> bind(Map.of(key, value))).rootCause().hasMessageContaining(sentence);
    }

    private static MirrorProperties bind(Map<String, String> properties) {
        Map<String, String> keys = new HashMap<>();
        properties.forEach((key, value) -> keys.put("orrery.registry.mirror." + key, value));
        return new Binder(new MapConfigurationPropertySource(keys))
                .bindOrCreate("orrery.registry.mirror", MirrorProperties.class);
    }
}
