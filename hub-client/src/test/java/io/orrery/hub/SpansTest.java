package io.orrery.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpansTest {
    @Test
    void theySayTheSameAsABitPerByte() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            int size = 1 + random.nextInt(60);
            Spans spans = new Spans();
            BitSet bits = new BitSet(size);
            for (int i = 0; i < 12; i++) {
                int from = random.nextInt(size + 1);
                int to = from + random.nextInt(size + 1 - from);
                int before = bits.cardinality();
                bits.set(from, to);
                assertThat(spans.add(new Span(from, to))).isEqualTo(bits.cardinality() - before);
                assertThat(spans.covered()).isEqualTo(bits.cardinality());
                assertThat(spans.prefix()).isEqualTo(bits.nextClearBit(0));
            }
            BitSet missing = new BitSet(size);
            for (Span span : spans.missing(size, 7)) {
                assertThat(span.length()).isBetween(1L, 7L);
                missing.set((int) span.from(), (int) span.to());
            }
            bits.flip(0, size);
            assertThat(missing).isEqualTo(bits);
            assertThat(spans.all()).doesNotHaveDuplicates();
        }
    }
}
