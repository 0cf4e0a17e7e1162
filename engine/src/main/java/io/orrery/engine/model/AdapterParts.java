package io.orrery.engine.model;

import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An adapter for one model, by our names, in host memory.
 *
 * @param patches by projection: {@code blk.3.attn_q}, {@code output}
 * @param embedding A [rank, vocabulary] and B [hiddenSize, rank]
 * @param replaced whole tensors by name: {@code output.weight}, {@code token_embd.weight}, biases and weights of projections
 */
public record AdapterParts(Map<String, Patch> patches, Optional<Pair> embedding, Map<String, Tensor> replaced) {
    public AdapterParts {
        patches = Collections.unmodifiableMap(new LinkedHashMap<>(patches));
        replaced = Collections.unmodifiableMap(new LinkedHashMap<>(replaced));
    }

    /**
     * What changes a projection.
     *
     * @param magnitude length of every row of the weight then (DoRA), [out]
     * @param shift added to the pair's product before it is scaled, [out]
     */
    public record Patch(Pair pair, Optional<Tensor> magnitude, Optional<Tensor> shift) {}
}
