package io.orrery.engine.train;

import io.orrery.engine.model.LoraAdapter;
import io.orrery.engine.model.LoraAdapter.Delta;
import io.orrery.engine.model.ModelSpec;
import io.orrery.engine.model.WeightSpec;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.plan.LoraTargets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * New low-rank pairs for a model's projections, as PEFT begins them: A from U(-1/sqrt(in), 1/sqrt(in)) (Kaiming with a =
 * sqrt(5)), B zero, so that the model is the base at first.
 */
final class FreshAdapter {
    private FreshAdapter() {}

    /** On the device, in the order of the model's weights. @throws TrainingException where the model has no target */
    static LoraAdapter of(ModelSpec spec, Hyperparameters.Lora lora, long seed, Ops ops) {
        Map<String, Delta> pairs = new LinkedHashMap<>();
        for (WeightSpec weight : LoraTargets.of(spec, lora.targetModules())) {
            SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + pairs.size());
            pairs.put(projection(weight.name()), pair(weight, lora, random, ops));
        }
        if (pairs.isEmpty()) {
            throw new TrainingException(
                    TrainingException.Cause.HYPERPARAMETERS,
                    "lora.target_modules is " + lora.targetModules() + "; the model has none of them");
        }
        return LoraAdapter.of(pairs, ops);
    }

    private static String projection(String weight) {
        return weight.substring(0, weight.length() - ".weight".length());
    }

    private static Delta pair(WeightSpec weight, Hyperparameters.Lora lora, SplittableRandom random, Ops ops) {
        int out = weight.shape().rows();
        int in = weight.shape().cols();
        float[] a = new float[Math.multiplyExact(lora.rank(), in)];
        double bound = 1 / Math.sqrt(in);
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) random.nextDouble(-bound, bound);
        }
        return new Delta(ops.upload(a, lora.rank(), in), ops.persistent(out, lora.rank()), (float) lora.scale());
    }
}
