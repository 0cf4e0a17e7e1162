package io.orrery.engine.model;

import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Low-rank pairs on the device, for some of a model's projections (Hu et al. 2021). Confined to the thread that owns the Ops.
 */
public final class LoraAdapter {
    private final Map<String, Delta> deltas;
    private final Ops ops;

    private LoraAdapter(Map<String, Delta> deltas, Ops ops) {
        this.deltas = Collections.unmodifiableMap(new LinkedHashMap<>(deltas));
        this.ops = ops;
    }

    /**
     * Adds scale · x Aᵀ Bᵀ to a projection's output.
     *
     * @param a [rank, in], F32
     * @param b [out, rank], F32
     */
    public record Delta(Tensor a, Tensor b, float scale) {
        public Delta {
            if (a.shape().rank() != 2 || b.shape().rank() != 2 || a.rows() != b.cols()) {
                throw new ModelException("a low-rank pair of A " + a.shape() + " and B " + b.shape()
                        + " has no common rank: A must be [rank, in] and B [out, rank]");
            }
        }
    }

    /** @param deltas by projection name, on the device that the Ops are of; the adapter's from now on */
    public static LoraAdapter of(Map<String, Delta> deltas, Ops ops) {
        return new LoraAdapter(deltas, ops);
    }

    /**
     * Brings an adapter's pairs onto the device, all or none.
     *
     * @throws ModelException in one sentence where they are not for this model
     */
    public static LoraAdapter load(PeftAdapter files, ModelSpec spec, Ops ops) {
        Map<String, Pair> pairs = AdapterCheck.byProjection(files.pairs(), spec);
        Map<String, Delta> deltas = new LinkedHashMap<>();
        pairs.forEach((projection, pair) -> deltas.put(
                projection, new Delta(WeightLoader.upload(pair.a(), ops), WeightLoader.upload(pair.b(), ops), (float)
                        pair.scale())));
        return new LoraAdapter(deltas, ops);
    }

    /** By projection name, such as {@code blk.3.attn_q}. */
    public Map<String, Delta> deltas() {
        return deltas;
    }

    Optional<Delta> delta(String projection) {
        return Optional.ofNullable(deltas.get(projection));
    }

    /** Bytes on the device. */
    public long bytes() {
        return deltas.values().stream()
                .mapToLong(delta ->
                        delta.a().storage().byteSize() + delta.b().storage().byteSize())
                .sum();
    }

    /** Gives the memory back; the adapter must not be used any more. */
    public void free() {
        for (Delta delta : deltas.values()) {
            ops.free(delta.a());
            ops.free(delta.b());
        }
    }
}
