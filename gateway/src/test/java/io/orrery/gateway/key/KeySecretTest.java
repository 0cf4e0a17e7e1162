package io.orrery.gateway.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class KeySecretTest {
    @Test
    void randomOnesHaveTheShapeThatHubClientsWantAndDiffer() {
        SecureRandom random = new SecureRandom();
        String one = KeySecret.random(random).reveal();
        String other = KeySecret.random(random).reveal();

        assertThat(one).matches("hf_[A-Za-z0-9]{34}").isNotEqualTo(other);
        assertThat(KeySecret.of(one).hasKeyShape()).isTrue();
    }

    @Test
    void onlyThePrefixOfAKeyIsEverShown() {
        KeySecret secret = KeySecret.of("hf_abcdeSECRETsecretSECRETsecretSECRET");

        assertThat(secret.prefix()).isEqualTo("hf_abcde");
        assertThat(secret.toString()).doesNotContain("SECRET");
        assertThat(KeySecret.of("password").prefix()).isEmpty();
        assertThat(KeySecret.of("password").toString()).doesNotContain("password");
    }

    @Test
    void theHashIsSha256OfTheText() {
        assertThat(HexFormat.of().formatHex(KeySecret.of("abc").hash()))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
