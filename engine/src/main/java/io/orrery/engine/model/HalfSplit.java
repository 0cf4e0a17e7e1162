package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Heads;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * The two orders of the rows of queries and keys. What llama.cpp's converter writes for architecture {@code llama} has the two
 * dimensions of a rotated pair beside each other, here they are half a head apart. Rows move as they are, in whatever blocks they
 * are stored.
 *
 * <p>Source: llama.cpp {@code convert_hf_to_gguf.py}, {@code LlamaModel.permute}.
 */
public final class HalfSplit {
    private static final List<String> ROTATED = List.of("q.weight", "q.bias", "k.weight", "k.bias");

    private HalfSplit() {}

    /** Replaces the queries' and keys' projections and biases by tensors that read the file's rows in our order. */
    static void apply(CausalLm spec, Map<String, Tensor> weights) {
        replace(spec, weights, HalfSplit::unpermuted);
    }

    /** Replaces the queries' and keys' projections and biases by those that llama.cpp's converter writes. */
    public static void undo(CausalLm spec, Map<String, Tensor> weights) {
        replace(spec, weights, HalfSplit::permuted);
    }

    private static void replace(CausalLm spec, Map<String, Tensor> weights, Order order) {
        List<ModelSpec.Layer> layers = spec.text().layers();
        for (int layer = 0; layer < layers.size(); layer++) {
            String name = "blk." + layer + ".attn_";
            layers.get(layer).attention().forEach(attention -> {
                Heads heads = attention.heads();
                for (String part : ROTATED) {
                    weights.computeIfPresent(name + part, (_, w) -> order.of(w, heads.dim()));
                }
            });
        }
    }

    /** Row h·dim + s·dim/2 + i of the result is row h·dim + 2i + s of the file's, s 0 or 1. */
    public static Tensor unpermuted(Tensor permuted, int dim) {
        return reordered(permuted, row -> {
            int within = row % dim;
            return row - within + 2 * (within % (dim / 2)) + within / (dim / 2);
        });
    }

    /** Row h·dim + 2i + s of the result is row h·dim + s·dim/2 + i of ours, s 0 or 1. */
    public static Tensor permuted(Tensor ours, int dim) {
        return reordered(ours, row -> {
            int within = row % dim;
            return row - within + within % 2 * (dim / 2) + within / 2;
        });
    }

    private static Tensor reordered(Tensor tensor, IntUnaryOperator origin) {
        long[] dims = tensor.shape().dims().stream().mapToLong(Long::longValue).toArray();
        if (dims.length == 1) {
            // a vector's elements are what a matrix's rows are
            Tensor column = reordered(column(tensor, dims[0]), origin);
            return Tensor.computed(
                    tensor.dtype(), tensor.shape(), (_, _, into) -> column.copyRows(0, column.rows(), into));
        }
        long rowBytes = tensor.rowBytes();
        return Tensor.computed(tensor.dtype(), tensor.shape(), (from, to, into) -> {
            for (int row = from; row < to; row++) {
                int at = origin.applyAsInt(row);
                tensor.copyRows(at, at + 1, into.asSlice((row - from) * rowBytes, rowBytes));
            }
        });
    }

    private static Tensor column(Tensor vector, long length) {
        return (vector.isComputed() ? vector.copyTo(Arena.ofAuto()) : vector).reshape(length, 1);
    }

    /** Moves the rows of one projection, whose heads have so many dimensions. */
    private interface Order {
        Tensor of(Tensor tensor, int dim);
    }
}
