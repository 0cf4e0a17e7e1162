package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Rope;
import io.orrery.engine.model.ModelSpec.Scaling;
import java.util.List;

/**
 * The frequencies of rotary positions, one a pair of dimensions, computed in single precision as PyTorch does. Immutable.
 *
 * <p>Source: transformers {@code modeling_rope_utils.py}, {@code _compute_default_rope_parameters} and its neighbours.
 */
final class Rotary {
    private final float[] frequencies;
    private final float[] longFrequencies;
    private final int originalContext;
    private final float scale;

    private Rotary(float[] frequencies, float[] longFrequencies, int originalContext, float scale) {
        this.frequencies = frequencies;
        this.longFrequencies = longFrequencies;
        this.originalContext = originalContext;
        this.scale = scale;
    }

    static Rotary of(Rope rope) {
        if (rope.scaling() instanceof Scaling.LongRope longRope) {
            return new Rotary(
                    stretched(rope, longRope.shortFactors()),
                    stretched(rope, longRope.longFactors()),
                    longRope.originalContext(),
                    longRope.attentionFactor());
        }
        float[] frequencies = inverseFrequencies(rope);
        return new Rotary(frequencies, frequencies, 0, 1);
    }

    /**
     * Length of a sequence after which keys that are cached are worth nothing, because all its positions rotate otherwise; 0
     * where that never happens. Source: transformers {@code modeling_phi3.py}, {@code prepare_inputs_for_generation}.
     */
    static int border(CausalLm model) {
        return model.text().layers().stream()
                .flatMap(ModelSpec.Layer::attention)
                .map(Attention::rope)
                .map(Rope::scaling)
                .filter(Scaling.LongRope.class::isInstance)
                .map(Scaling.LongRope.class::cast)
                .mapToInt(Scaling.LongRope::originalContext)
                .findFirst()
                .orElse(0);
    }

    /** Pairs of dimensions that rotate. */
    int pairs() {
        return frequencies.length;
    }

    /** Whether sequences of different lengths rotate differently. */
    boolean dependsOnLength() {
        return originalContext > 0;
    }

    float[] frequencies(int sequenceLength) {
        return sequenceLength > originalContext ? longFrequencies : frequencies;
    }

    /** Factor on cosines and sines. */
    float scale() {
        return scale;
    }

    private static float power(Rope rope, int pair) {
        return (float) Math.pow(rope.theta(), 2f * pair / rope.dims());
    }

    private static float[] inverseFrequencies(Rope rope) {
        float[] frequencies = new float[rope.dims() / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 / power(rope, i);
        }
        switch (rope.scaling()) {
            case Scaling.None _, Scaling.LongRope _ -> {}
            case Scaling.Linear linear -> {
                for (int i = 0; i < frequencies.length; i++) {
                    frequencies[i] /= (float) linear.factor();
                }
            }
            case Scaling.Llama3 llama3 -> {
                for (int i = 0; i < frequencies.length; i++) {
                    frequencies[i] = llama3(frequencies[i], llama3);
                }
            }
            case Scaling.Divisors divisors -> divide(frequencies, divisors.values());
        }
        return frequencies;
    }

    private static float llama3(float frequency, Scaling.Llama3 s) {
        float wavelength = (float) (2 * Math.PI) / frequency;
        if (wavelength > s.originalContext() / s.lowFreqFactor()) {
            return frequency / (float) s.factor();
        }
        if (wavelength < s.originalContext() / s.highFreqFactor()) {
            return frequency;
        }
        float smooth = (s.originalContext() / wavelength - (float) s.lowFreqFactor())
                / (float) (s.highFreqFactor() - s.lowFreqFactor());
        return (1 - smooth) * frequency / (float) s.factor() + smooth * frequency;
    }

    private static void divide(float[] frequencies, List<Float> divisors) {
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] /= divisors.get(i);
        }
    }

    private static float[] stretched(Rope rope, List<Float> factors) {
        float[] frequencies = new float[rope.dims() / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 / (factors.get(i) * power(rope, i));
        }
        return frequencies;
    }
}
