package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Heads;
import io.orrery.engine.tensor.Tensor;
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

    /** Replaces the queries' and keys' projections and biases by tensors that read the file's rows in our order. */
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
        long[] dims =
                permuted.shape().dims().stream().mapToLong(Long::longValue).toArray();
        if (dims.length == 1) {
            // a vector's elements are what a matrix's rows are
            Tensor column = unpermuted(permuted.reshape(dims[0], 1), dim);
            return Tensor.computed(
                    permuted.dtype(), permuted.shape(), (_, _, into) -> column.copyRows(0, column.rows(), into));
        }
        long rowBytes = permuted.rowBytes();
        return Tensor.computed(permuted.dtype(), permuted.shape(), (from, to, into) -> {
            for (int row = from; row < to; row++) {
                int at = origin(row, dim);
                permuted.copyRows(at, at + 1, into.asSlice((row - from) * rowBytes, rowBytes));
            }
        });
    }

    private static int origin(int row, int dim) {
        int within = row % dim;
        return row - within + 2 * (within % (dim / 2)) + within / (dim / 2);
    }
}
