package io.orrery.engine.model;

import io.orrery.engine.checkpoint.peft.AdapterTensors;
import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an adapter puts on the device: low-rank pairs for some of a model's projections (Hu et al. 2021), with a gain where row
 * lengths were trained apart (DoRA), and whole weights where those were trained. Confined to the thread that owns the Ops.
 */
public final class LoraAdapter {
    private final Map<String, Delta> deltas;
    private final Map<String, Replacement> replacements;
    private final Optional<EmbeddingDelta> embedding;
    private final Ops ops;

    LoraAdapter(
            Map<String, Delta> deltas,
            Map<String, Replacement> replacements,
            Optional<EmbeddingDelta> embedding,
            Ops ops) {
        this.deltas = Collections.unmodifiableMap(new LinkedHashMap<>(deltas));
        this.replacements = Collections.unmodifiableMap(new LinkedHashMap<>(replacements));
        this.embedding = embedding;
        this.ops = ops;
    }

    /**
     * Makes y of a projection gain · (y + scale · x Aᵀ Bᵀ + bias).
     *
     * @param a [rank, in], F32
     * @param b [out, rank], F32
     * @param bias [out], null for none
     * @param gain [out], null for ones
     */
    public record Delta(
            Tensor a,
            Tensor b,
            float scale,
            @Nullable Tensor bias,
            @Nullable Tensor gain) {
        public Delta {
            if (a.shape().rank() != 2 || b.shape().rank() != 2 || a.rows() != b.cols()) {
                throw new ModelException("a low-rank pair of A " + a.shape() + " and B " + b.shape()
                        + " has no common rank: A must be [rank, in] and B [out, rank]");
            }
        }

        public Delta(Tensor a, Tensor b, float scale) {
            this(a, b, scale, null, null);
        }

        private List<Tensor> tensors() {
            List<Tensor> tensors = new ArrayList<>(List.of(a, b));
            if (bias != null) {
                tensors.add(bias);
            }
            if (gain != null) {
                tensors.add(gain);
            }
            return tensors;
        }
    }

    /**
     * Another weight in a projection's place.
     *
     * @param bias the model's own
     */
    record Replacement(Tensor weight, @Nullable Tensor bias) {}

    /**
     * Adds scale · A[token, :] Bᵀ to a token's embedding.
     *
     * @param a [vocabulary, rank]
     * @param b [hiddenSize, rank]
     */
    record EmbeddingDelta(Tensor a, Tensor b, float scale) {}

    /** @param deltas by projection name, on the device that the Ops are of; the adapter's from now on */
    public static LoraAdapter of(Map<String, Delta> deltas, Ops ops) {
        return new LoraAdapter(deltas, Map.of(), Optional.empty(), ops);
    }

    /**
     * Brings an adapter onto a network's device, all or nothing.
     *
     * @throws ModelException in one sentence where it is not for this model
     */
    public static LoraAdapter load(PeftAdapter files, Network network) {
        return load(files.tensors(), network);
    }

    /** The same of an adapter from elsewhere. */
    public static LoraAdapter load(AdapterTensors tensors, Network network) {
        return new AdapterLoader(network).load(AdapterCheck.of(tensors, network.spec()));
    }

    /** By projection name, such as {@code blk.3.attn_q}. */
    public Map<String, Delta> deltas() {
        return deltas;
    }

    Optional<Delta> delta(String projection) {
        return Optional.ofNullable(deltas.get(projection));
    }

    /** By projection name, and {@code token_embd}. */
    Optional<Replacement> replacement(String projection) {
        return Optional.ofNullable(replacements.get(projection));
    }

    Optional<EmbeddingDelta> embedding() {
        return embedding;
    }

    /** Bytes on the device. */
    public long bytes() {
        return tensors().stream()
                .mapToLong(tensor -> tensor.storage().byteSize())
                .sum();
    }

    /** Gives the memory back; the adapter must not be used any more. */
    public void free() {
        tensors().forEach(ops::free);
    }

    private List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        deltas.values().forEach(delta -> tensors.addAll(delta.tensors()));
        replacements.values().forEach(replacement -> tensors.add(replacement.weight()));
        embedding.ifPresent(delta -> tensors.addAll(List.of(delta.a(), delta.b())));
        return tensors;
    }
}
