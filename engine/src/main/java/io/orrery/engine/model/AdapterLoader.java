package io.orrery.engine.model;

import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.model.AdapterParts.Patch;
import io.orrery.engine.model.LoraAdapter.Delta;
import io.orrery.engine.model.LoraAdapter.EmbeddingDelta;
import io.orrery.engine.model.LoraAdapter.Replacement;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings an adapter to a network's device. Confined to the thread that owns the Ops. */
final class AdapterLoader {
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    private final Network network;
    private final Ops ops;
    private final List<Tensor> brought = new ArrayList<>();

    AdapterLoader(Network network) {
        this.network = network;
        this.ops = network.ops();
    }

    /** What came so far is given back where something fails. */
    LoraAdapter load(AdapterParts parts) {
        try {
            return new LoraAdapter(
                    deltas(parts), replacements(parts), parts.embedding().map(this::embedding), ops);
        } catch (RuntimeException | Error e) {
            brought.forEach(ops::free);
            throw e;
        }
    }

    private Map<String, Delta> deltas(AdapterParts parts) {
        Map<String, Delta> deltas = new LinkedHashMap<>();
        parts.patches()
                .forEach((projection, patch) -> deltas.put(
                        projection, delta(projection, patch, parts.replaced().get(projection + BIAS))));
        parts.replaced().forEach((name, bias) -> {
            String projection = name.substring(0, name.lastIndexOf('.'));
            if (name.endsWith(BIAS) && !deltas.containsKey(projection)) {
                deltas.put(projection, biasAlone(projection, bias));
            }
        });
        return deltas;
    }

    private Delta delta(String projection, Patch patch, @Nullable Tensor newBias) {
        Pair pair = patch.pair();
        float[] gain = patch.magnitude()
                .map(magnitude -> gain(projection, pair, magnitude))
                .orElse(null);
        float[] bias = bias(projection, patch, newBias, gain);
        return new Delta(
                bring(pair.a()),
                bring(pair.b()),
                (float) pair.scale(),
                bias == null ? null : vector(bias),
                gain == null ? null : vector(gain));
    }

    /** A pair of zeros, so that one formula serves all. */
    private Delta biasAlone(String projection, Tensor newBias) {
        Tensor weight = weight(projection);
        float[] bias = newBias.decode();
        float[] old = ownBias(projection, bias.length);
        for (int i = 0; i < bias.length; i++) {
            bias[i] -= old[i];
        }
        return new Delta(
                kept(ops.persistent(1, weight.cols())), kept(ops.persistent(weight.rows(), 1)), 1, vector(bias), null);
    }

    /**
     * What is added before the gain: the product's own shift, and the change of the projection's bias, which the gain must leave
     * alone: (newBias - gain · bias) / gain.
     */
    private float @Nullable [] bias(String projection, Patch patch, @Nullable Tensor newBias, float @Nullable [] gain) {
        boolean hasBias = network.weights().containsKey(projection + BIAS);
        if (patch.shift().isEmpty() && newBias == null && (gain == null || !hasBias)) {
            return null;
        }
        int out = patch.pair().b().rows();
        float[] old = ownBias(projection, out);
        float[] now = newBias == null ? old : newBias.decode();
        float[] shift = patch.shift().map(Tensor::decode).orElseGet(() -> new float[out]);
        float[] bias = new float[out];
        for (int i = 0; i < out; i++) {
            float own = gain == null ? now[i] - old[i] : now[i] / gain[i] - old[i];
            bias[i] = own + (float) patch.pair().scale() * shift[i];
        }
        return bias;
    }

    /** magnitude / ‖W + scale · B A‖, the norm of each row (Liu et al. 2024, equation 5). */
    private float[] gain(String projection, Pair pair, Tensor magnitude) {
        float[] gain = magnitude.decode();
        Tensor weight = weight(projection);
        LowRankRows changed = new LowRankRows(pair);
        for (int row = 0; row < gain.length; row++) {
            float[] values = ops.read(weight.rows(row, row + 1));
            changed.addTo(values, row);
            double squares = 0;
            for (float value : values) {
                squares += (double) value * value;
            }
            gain[row] /= (float) Math.sqrt(squares);
        }
        return gain;
    }

    private Map<String, Replacement> replacements(AdapterParts parts) {
        Map<String, Replacement> replacements = new LinkedHashMap<>();
        parts.replaced().forEach((name, tensor) -> {
            if (name.endsWith(WEIGHT)) {
                String projection = name.substring(0, name.length() - WEIGHT.length());
                replacements.put(
                        projection,
                        new Replacement(
                                kept(ops.pack(tensor)), network.weights().get(projection + BIAS)));
            }
        });
        return replacements;
    }

    private EmbeddingDelta embedding(Pair pair) {
        float[] a = pair.a().decode();
        int rank = pair.a().rows();
        int vocabulary = pair.a().cols();
        float[] table = new float[a.length];
        for (int r = 0; r < rank; r++) {
            for (int token = 0; token < vocabulary; token++) {
                table[token * rank + r] = a[r * vocabulary + token];
            }
        }
        return new EmbeddingDelta(kept(ops.upload(table, vocabulary, rank)), bring(pair.b()), (float) pair.scale());
    }

    private Tensor weight(String projection) {
        Tensor own = network.weights().get(projection + WEIGHT);
        return own != null ? own : new NamedWeights(network.weights()).get("token_embd.weight");
    }

    private float[] ownBias(String projection, int out) {
        return Optional.ofNullable(network.weights().get(projection + BIAS))
                .map(ops::read)
                .orElseGet(() -> new float[out]);
    }

    private Tensor bring(Tensor host) {
        return kept(WeightLoader.upload(host, ops));
    }

    private Tensor vector(float[] values) {
        return kept(ops.upload(values, values.length));
    }

    private Tensor kept(Tensor device) {
        brought.add(device);
        return device;
    }
}
