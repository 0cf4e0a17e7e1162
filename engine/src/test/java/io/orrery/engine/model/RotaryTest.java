package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.model.ModelSpec.Rope;
import io.orrery.engine.model.ModelSpec.Scaling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Frequencies of rotary positions against their formulas in double precision. */
class RotaryTest {
    private static final int DIMS = 128;
    private static final double THETA = 500_000;

    @Test
    void frequenciesFallGeometrically() {
        assertThat(frequencies(new Rope(8, 10_000, new Scaling.None())))
                .containsExactly(new float[] {1, 0.1f, 0.01f, 0.001f}, Offset.offset(1e-9f));
    }

    @Test
    void linearScalingDividesThemAll() {
        float[] plain = frequencies(new Rope(DIMS, THETA, new Scaling.None()));
        float[] scaled = frequencies(new Rope(DIMS, THETA, new Scaling.Linear(4)));
        for (int i = 0; i < plain.length; i++) {
            assertThat(scaled[i]).isEqualTo(plain[i] / 4);
        }
    }

    /** The converter's divisor is 1 / ((1 - s) / factor + s) in the middle band: architectures of llama.cpp's GGUF files. */
    @Test
    void llama3ScalingIsTheDivisorsThatGgufStores() {
        Scaling.Llama3 llama3 = new Scaling.Llama3(8, 1, 4, 8192);
        List<Float> divisors = new ArrayList<>();
        for (int i = 0; i < DIMS / 2; i++) {
            double wavelength = 2 * Math.PI * Math.pow(THETA, 2.0 * i / DIMS);
            double smooth = Math.clamp((8192 / wavelength - 1) / 3, 0, 1);
            divisors.add((float) (1 / ((1 - smooth) / 8 + smooth)));
        }
        assertThat(divisors).contains(1f, 8f).anyMatch(divisor -> divisor > 2 && divisor < 7);
        float[] stored = frequencies(new Rope(DIMS, THETA, new Scaling.Divisors(divisors)));
        float[] computed = frequencies(new Rope(DIMS, THETA, llama3));
        for (int i = 0; i < stored.length; i++) {
            assertThat(computed[i]).as("frequency %s", i).isCloseTo(stored[i], Offset.offset(stored[i] * 1e-6f));
        }
    }

    @Test
    void divisorsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Scaling.Divisors(List.of(1f, 0f)))
                .isInstanceOf(ModelException.class)
                .hasMessage("a frequency of rotary positions cannot be divided by 0.0");
        Scaling few = new Scaling.Divisors(Collections.nCopies(3, 1f));
        assertThatThrownBy(() -> new Rope(8, 10_000, few)).hasMessageContaining("3 divisors do not fit 4");
    }

    @Test
    void aLongSequenceHasFrequenciesOfItsOwn() {
        List<Float> shorter = List.of(1f, 1f, 2f, 2f);
        List<Float> longer = List.of(1f, 4f, 8f, 16f);
        Rotary rotary = Rotary.of(new Rope(8, 10_000, new Scaling.LongRope(shorter, longer, 32, 1.25f)));
        assertThat(rotary.frequencies(32))
                .containsExactly(new float[] {1, 0.1f, 0.005f, 0.0005f}, Offset.offset(1e-9f));
        assertThat(rotary.frequencies(33))
                .containsExactly(new float[] {1, 0.025f, 0.00125f, 0.0000625f}, Offset.offset(1e-9f));
        assertThat(rotary.scale()).isEqualTo(1.25f);
        assertThat(rotary.dependsOnLength()).isTrue();
    }

    private static float[] frequencies(Rope rope) {
        return Rotary.of(rope).frequencies(1);
    }
}
