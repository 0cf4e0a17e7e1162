package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Rope;
import io.orrery.engine.model.ModelSpec.Scaling;

/**
 * The frequencies of rotary positions, one a pair of dimensions, computed in single precision as PyTorch does.
 *
 * <p>Source: transformers {@code modeling_rope_utils.py}, {@code _compute_default_rope_parameters} and its neighbours.
 */
final class Rotary {
    private Rotary() {}

    static float[] inverseFrequencies(Rope rope) {
        float[] frequencies = new float[rope.dims() / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float exponent = 2f * i / rope.dims();
            frequencies[i] = 1 / (float) Math.pow(rope.theta(), exponent);
        }
        scale(frequencies, rope.scaling());
        return frequencies;
    }

    private static void scale(float[] frequencies, Scaling scaling) {
        switch (scaling) {
            case Scaling.None _ -> {}
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
            case Scaling.Divisors divisors -> divide(frequencies, divisors);
        }
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

    private static void divide(float[] frequencies, Scaling.Divisors divisors) {
        if (divisors.values().size() != frequencies.length) {
            throw new ModelException(divisors.values().size() + " divisors do not fit " + frequencies.length
                    + " frequencies of rotary positions");
        }
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] /= divisors.values().get(i);
        }
    }
}
