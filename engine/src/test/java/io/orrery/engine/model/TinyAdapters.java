package io.orrery.engine.model;

import io.orrery.engine.model.LoraAdapter.Delta;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Adapters with seeded random pairs. */
final class TinyAdapters {
    private TinyAdapters() {}

    /** Rank 2 and scale 0.75 at every projection of every layer. */
    static LoraAdapter everywhere(ModelSpec spec, long seed, Ops ops) {
        Random random = new Random(seed);
        Map<String, Delta> deltas = new LinkedHashMap<>();
        for (WeightSpec weight : Weights.of(spec)) {
            if (weight.name().startsWith("blk.") && weight.shape().rank() == 2) {
                Tensor a =
                        TinyModels.gaussian(random, Shape.of(2, weight.shape().cols()), 0);
                Tensor b = TinyModels.gaussian(random, Shape.of(weight.shape().rows(), 2), 0);
                String projection = weight.name().replace(".weight", "");
                deltas.put(projection, new Delta(ops.pack(a), ops.pack(b), 0.75f));
            }
        }
        return LoraAdapter.of(deltas, ops);
    }

    static Map<String, Tensor> tensors(LoraAdapter adapter) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        adapter.deltas().forEach((projection, delta) -> {
            tensors.put(projection + ".a", delta.a());
            tensors.put(projection + ".b", delta.b());
        });
        return tensors;
    }
}
