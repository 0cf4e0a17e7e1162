package io.orrery.engine.model;

import io.orrery.engine.checkpoint.peft.AdapterTensors;
import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.model.AdapterParts.Patch;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.LmHead;
import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model with an adapter merged into its weights: W + scale · B A, rows of the lengths that DoRA trained, whole weights in others'
 * place. In single precision, then rounded to a dtype that loses little: never back into blocks of a few bits, where small changes
 * vanish. Weights are computed row by row when they are read.
 *
 * @param spec the base's, but with a head of its own where the adapter changes only one of two that were tied
 * @param weights by our names, in host memory
 */
public record Merged(CausalLm spec, Map<String, Tensor> weights) {
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";
    private static final String EMBEDDING = "token_embd.weight";
    private static final String HEAD = "output.weight";

    /**
     * @param dtype of the matrices; vectors keep theirs. Empty for that of the base, or BF16 where its weights are in blocks
     * @throws ModelException where the adapter is not for this model
     */
    public static Merged of(CausalLm spec, Map<String, Tensor> base, AdapterTensors adapter, Optional<DType> dtype) {
        AdapterParts parts = AdapterCheck.of(adapter, spec);
        Map<String, Tensor> weights = new LinkedHashMap<>(base);
        boolean untied = spec.head().tied() && touchesEnds(parts);
        if (untied) {
            weights.put(HEAD, new NamedWeights(base).get(EMBEDDING));
        }
        weights.putAll(parts.replaced());
        weights.replaceAll((name, tensor) -> merged(name, tensor, parts));
        parts.patches()
                .forEach((projection, patch) -> patch.shift()
                        .ifPresent(shift -> weights.put(
                                projection + BIAS, shifted(weights.get(projection + BIAS), shift, patch.pair()))));
        Map<String, Tensor> written = new LinkedHashMap<>();
        weights.forEach((name, tensor) -> written.put(name, inDtype(tensor, name, base, dtype)));
        return new Merged(untied ? spec.with(new LmHead(false)) : spec, Map.copyOf(written));
    }

    private static boolean touchesEnds(AdapterParts parts) {
        return parts.embedding().isPresent()
                || parts.patches().containsKey("output")
                || parts.replaced().containsKey(HEAD)
                || parts.replaced().containsKey(EMBEDDING);
    }

    private static Tensor merged(String name, Tensor tensor, AdapterParts parts) {
        if (name.equals(EMBEDDING) && parts.embedding().isPresent()) {
            return embedding(tensor, parts.embedding().get());
        }
        Patch patch =
                name.endsWith(WEIGHT) ? parts.patches().get(name.substring(0, name.length() - WEIGHT.length())) : null;
        return patch == null ? tensor : projection(tensor, patch);
    }

    private static Tensor projection(Tensor weight, Patch patch) {
        LowRankRows change = new LowRankRows(patch.pair());
        float[] lengths = patch.magnitude().map(Tensor::decode).orElse(null);
        return rows(weight, DType.F32, (row, values) -> {
            change.addTo(values, row);
            if (lengths != null) {
                scale(values, lengths[row]);
            }
        });
    }

    /** To a length. */
    private static void scale(float[] values, float length) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        float factor = length / (float) Math.sqrt(squares);
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    /** Row of a token: scale · B A[:, token]. */
    private static Tensor embedding(Tensor table, Pair pair) {
        float[] a = pair.a().decode();
        float[] b = pair.b().decode();
        int rank = pair.a().rows();
        int vocabulary = pair.a().cols();
        return rows(table, DType.F32, (token, values) -> {
            for (int i = 0; i < values.length; i++) {
                float sum = 0;
                for (int r = 0; r < rank; r++) {
                    sum += b[i * rank + r] * a[r * vocabulary + token];
                }
                values[i] += (float) pair.scale() * sum;
            }
        });
    }

    private static Tensor shifted(@Nullable Tensor bias, Tensor shift, Pair pair) {
        if (bias == null) {
            throw new ModelException(
                    "the adapter shifts a projection that has no bias in the model, which no file can say;"
                            + " use it as a patch");
        }
        float[] shifts = shift.decode();
        return rows(bias, DType.F32, (_, values) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) pair.scale() * shifts[i];
            }
        });
    }

    private static Tensor inDtype(Tensor tensor, String name, Map<String, Tensor> base, Optional<DType> wanted) {
        if (tensor.shape().rank() == 1) {
            return tensor;
        }
        Tensor own = base.getOrDefault(name, base.getOrDefault(EMBEDDING, tensor));
        DType dtype = wanted.orElse(own.dtype().blockElements() == 1 ? own.dtype() : DType.BF16);
        return tensor.dtype() == dtype ? tensor : rows(tensor, dtype, (_, _) -> {});
    }

    private interface Change {
        void apply(int row, float[] values);
    }

    /** The rows of a tensor, changed on the way from F32 to a dtype. */
    private static Tensor rows(Tensor from, DType dtype, Change change) {
        long rowBytes = dtype.bytes(from.cols());
        BlockFormat format = BlockFormat.of(dtype);
        return Tensor.computed(dtype, from.shape(), (first, end, into) -> {
            for (int row = first; row < end; row++) {
                float[] values = from.decode(row, row + 1);
                change.apply(row, values);
                format.quantize(values, 0, into, (row - first) * rowBytes, values.length);
            }
        });
    }
}
