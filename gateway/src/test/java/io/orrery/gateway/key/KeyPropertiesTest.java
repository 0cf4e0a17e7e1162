package io.orrery.gateway.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.gateway.Binding;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPropertiesTest {
    @Test
    void defaults() {
        KeyProperties properties = bind(Map.of());

        assertThat(properties.bootstrapSecret()).isEmpty();
        assertThat(properties.defaultProject()).isEqualTo("lab");
    }

    @Test
    void allKeys() {
        String key = "hf_" + "a".repeat(40);
        KeyProperties properties =
                bind(Map.of("orrery.gateway.bootstrap-key", key, "orrery.gateway.default-project", "astro"));

        assertThat(properties.bootstrapSecret()).map(KeySecret::reveal).contains(key);
        assertThat(properties.defaultProject()).isEqualTo("astro");
        assertThat(properties.toString()).doesNotContain("aaaa");
    }

    @Test
    void aKeyOfAnotherShapeIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> bind(Map.of("orrery.gateway.bootstrap-key", "secret-word")))
                .rootCause()
                .hasMessageContaining("has 11 characters, but must be hf_ and then 32 to 128")
                .hasMessageNotContaining("secret-word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a--b", "a..b", "-a", "a/b", ".a"})
    void aProjectThatIsNoNamespaceIsRefused(String project) {
        assertThatThrownBy(() -> bind(Map.of("orrery.gateway.default-project", project)))
                .rootCause()
                .hasMessageContaining("orrery.gateway.default-project is \"" + project + "\"");
    }

    private static KeyProperties bind(Map<String, String> settings) {
        return Binding.bind("orrery.gateway", KeyProperties.class, settings);
    }
}
