package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Heads;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * Undoes what llama.cpp's converter does to queries and keys of architecture {@code llama}: there the two dimensions of a
 * rotated pair are neighbours, here they are half a head apart. Rows move as they are, in whatever blocks they are stored.
 *
 * <p>Source: llama.cpp {@code convert_hf_to_gguf.py}, {@code LlamaModel.permute}.
 */
final class HalfSplit {
    private HalfSplit() {}

    /** Replaces the queries' and keys' projections and biases by copies in this process's memory. */
    static void apply(CausalLm spec, Map<String, Tensor> weights) {
        List<ModelSpec.Layer> layers = spec.text().layers();
        for (int layer = 0; layer < layers.size(); layer++) {
            String name = "blk." + layer + ".attn_";
            layers.get(layer).attention().forEach(attention -> {
                Heads heads = attention.heads();
                weights.computeIfPresent(name + "q.weight", (_, w) -> unpermuted(w, heads.dim()));
                weights.computeIfPresent(name + "q.bias", (_, w) -> unpermuted(w, heads.dim()));
                weights.computeIfPresent(name + "k.weight", (_, w) -> unpermuted(w, heads.dim()));
                weights.computeIfPresent(name + "k.bias", (_, w) -> unpermuted(w, heads.dim()));
            });
        }
    }

    /** Row h·dim + s·dim/2 + i of the result is row h·dim + 2i + s of the file's, s 0 or 1. */
    static Tensor unpermuted(Tensor permuted, int dim) {
        int rows = Math.toIntExact(permuted.shape().dims().getFirst());
        long rowBytes = permuted.dtype().bytes(permuted.elements()) / rows;
        MemorySegment to = Arena.ofAuto().allocate(rows * rowBytes, 64);
        for (int row = 0; row < rows; row++) {
            int within = row % dim;
            int half = within / (dim / 2);
            int from = row - within + 2 * (within % (dim / 2)) + half;
            MemorySegment.copy(permuted.segment(), from * rowBytes, to, row * rowBytes, rowBytes);
        }
        return new Tensor(permuted.dtype(), permuted.shape(), new HostMemory(to));
    }
}
