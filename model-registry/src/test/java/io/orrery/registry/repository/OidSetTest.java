package io.orrery.registry.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OidSetTest {
    @Test
    void itHoldsWhatASetOfTextsHolds() {
        OidSet set = new OidSet();
        Set<String> texts = new HashSet<>();
        Random random = new Random(1);
        for (int i = 0; i < 50_000; i++) {
            byte[] oid = new byte[OidSet.BYTES];
            random.nextBytes(oid);
            oid[0] = (byte) random.nextInt(3); // some come twice, and many begin alike
            for (int zero = random.nextInt(4); zero < OidSet.BYTES && random.nextInt(4) == 0; zero++) {
                oid[zero] = 0;
            }
            String text = HexFormat.of().formatHex(oid);
            assertThat(set.contains(text)).isEqualTo(texts.contains(text));
            assertThat(set.add(text)).isEqualTo(texts.add(text));
            assertThat(set.contains(text)).isTrue();
            assertThat(set.add(oid, 0)).isFalse();
        }
        assertThat(set.size()).isEqualTo(texts.size());
        assertThat(texts).allMatch(set::contains);
    }

    @Test
    void aHashOfZeroesIsOneToo() {
        OidSet set = new OidSet();
        String zero = "0".repeat(40);
        assertThat(set.contains(zero)).isFalse();
        assertThat(set.add(zero)).isTrue();
        assertThat(set.add(zero)).isFalse();
        assertThat(set.contains(zero)).isTrue();
        assertThat(set.contains("1".repeat(40))).isFalse();
        assertThat(set.size()).isOne();
    }
}
