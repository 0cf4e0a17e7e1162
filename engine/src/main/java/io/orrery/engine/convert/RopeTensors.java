package io.orrery.engine.convert;

import io.orrery.engine.model.ModelSpec.Rope;
import io.orrery.engine.model.ModelSpec.Scaling;
import io.orrery.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a GGUF file says of scaled positions in tensors: a divisor for every frequency.
 *
 * <p>Source: llama.cpp {@code convert_hf_to_gguf.py}, {@code generate_extra_tensors} of Llama and Phi-3.
 */
final class RopeTensors {
    private RopeTensors() {}

    static Map<String, Tensor> of(Rope rope) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        switch (rope.scaling()) {
            case Scaling.None _, Scaling.Linear _ -> {}
            case Scaling.Llama3 llama3 -> tensors.put("rope_freqs.weight", vector(divisors(rope, llama3)));
            case Scaling.Divisors divisors -> tensors.put("rope_freqs.weight", vector(divisors.values()));
            case Scaling.LongRope longRope -> {
                tensors.put("rope_factors_long.weight", vector(longRope.longFactors()));
                tensors.put("rope_factors_short.weight", vector(longRope.shortFactors()));
            }
        }
        return tensors;
    }

    private static Tensor vector(List<Float> values) {
        float[] all = new float[values.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = values.get(i);
        }
        return Tensor.of(all, all.length);
    }

    private static Tensor vector(float[] values) {
        return Tensor.of(values, values.length);
    }

    static float[] divisors(Rope rope, Scaling.Llama3 s) {
        float[] divisors = new float[rope.dims() / 2];
        for (int i = 0; i < divisors.length; i++) {
            double wavelength = 2 * Math.PI * Math.pow(rope.theta(), 2.0 * i / rope.dims());
            divisors[i] = (float) divisor(wavelength, s);
        }
        return divisors;
    }

    private static double divisor(double wavelength, Scaling.Llama3 s) {
        if (wavelength > s.originalContext() / s.lowFreqFactor()) {
            return s.factor();
        }
        if (wavelength < s.originalContext() / s.highFreqFactor()) {
            return 1;
        }
        double smooth =
                (s.originalContext() / wavelength - s.lowFreqFactor()) / (s.highFreqFactor() - s.lowFreqFactor());
        return 1 / ((1 - smooth) / s.factor() + smooth);
    }
}
