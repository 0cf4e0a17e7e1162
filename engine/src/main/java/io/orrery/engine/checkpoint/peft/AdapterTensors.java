package io.orrery.engine.checkpoint.peft;

import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.tensor.Tensor;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an adapter holds, by the paths of modules, in host memory.
 *
 * @param pairs of linear layers: A [rank, in], B [out, rank]
 * @param embeddings pairs of embeddings: A [rank, vocabulary], B [width, rank]
 * @param magnitudes lengths of the rows of a linear layer's weight, [out] (DoRA, Liu et al. 2024)
 * @param shifts what lora_B adds to its own product, [out]
 * @param replaced whole tensors that were trained, by name: {@code lm_head.weight}
 */
public record AdapterTensors(
        Map<String, Pair> pairs,
        Map<String, Pair> embeddings,
        Map<String, Tensor> magnitudes,
        Map<String, Tensor> shifts,
        Map<String, Tensor> replaced) {
    public AdapterTensors {
        pairs = Collections.unmodifiableMap(new TreeMap<>(pairs));
        embeddings = Collections.unmodifiableMap(new TreeMap<>(embeddings));
        magnitudes = Collections.unmodifiableMap(new TreeMap<>(magnitudes));
        shifts = Collections.unmodifiableMap(new TreeMap<>(shifts));
        replaced = Collections.unmodifiableMap(new TreeMap<>(replaced));
    }

    /** Pairs of linear layers alone. */
    public static AdapterTensors of(Map<String, Pair> pairs) {
        return new AdapterTensors(pairs, Map.of(), Map.of(), Map.of(), Map.of());
    }
}
