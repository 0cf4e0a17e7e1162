package io.orrery.engine.generate;

import io.orrery.engine.model.Families;
import io.orrery.engine.model.LoraAdapter;
import io.orrery.engine.model.LoraAdapter.Delta;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.Network;
import io.orrery.engine.model.WeightSpec;
import io.orrery.engine.model.Weights;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import tools.jackson.databind.json.JsonMapper;

/** A llama of a few thousand parameters with seeded weights, which says nothing sensible and always the same. */
final class TinyModel {
    static final int VOCABULARY = 61;
    static final int CONTEXT = 128;
    static final CausalLm SPEC = Families.fromConfig(JsonMapper.shared().readTree("""
            {"model_type": "llama", "vocab_size": 61, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3,
             "num_attention_heads": 4, "num_key_value_heads": 2, "rms_norm_eps": 1e-5, "max_position_embeddings": 128}"""));

    private TinyModel() {}

    static ServedModel load(Engine engine, int cacheTokens) {
        Map<String, Tensor> weights = Network.initial(SPEC, 7, 0.6);
        long bytes = cacheTokens * io.orrery.engine.kvcache.PagedCache.bytesPerToken(SPEC);
        MemoryPlan plan = MemoryPlan.of(SPEC, weights, CONTEXT, new ServingOptions(0, bytes), engine.options());
        return engine.load(SPEC, weights, plan, LoadProgress.SILENT);
    }

    /** Rank 3 at every projection. */
    static LoraAdapter adapter(long seed, Ops ops) {
        Random random = new Random(seed);
        Map<String, Delta> deltas = new LinkedHashMap<>();
        for (WeightSpec weight : Weights.of(SPEC)) {
            if (weight.shape().rank() == 2 && weight.name().startsWith("blk.")) {
                Tensor a = gaussian(random, ops, 3, weight.shape().cols());
                Tensor b = gaussian(random, ops, weight.shape().rows(), 3);
                deltas.put(weight.name().replace(".weight", ""), new Delta(a, b, 0.2f));
            }
        }
        return LoraAdapter.of(deltas, ops);
    }

    private static Tensor gaussian(Random random, Ops ops, int rows, int cols) {
        double[] values = DoubleStream.generate(random::nextGaussian)
                .limit((long) rows * cols)
                .toArray();
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return ops.upload(floats, rows, cols);
    }
}
