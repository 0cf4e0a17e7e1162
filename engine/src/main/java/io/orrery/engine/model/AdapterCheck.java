package io.orrery.engine.model;

import io.orrery.engine.checkpoint.peft.AdapterTensors;
import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares what an adapter holds with the projections and tensors of a model. */
public final class AdapterCheck {
    private static final String WEIGHT = ".weight";
    private static final String EMBEDDING = "token_embd.weight";

    private final Map<String, Shape> tensors = new LinkedHashMap<>();
    private final WeightNames names;
    private final List<String> strangers = new ArrayList<>();
    private final List<String> misshaped = new ArrayList<>();

    private AdapterCheck(ModelSpec spec) {
        this.names = WeightNames.of(spec);
        Weights.of(spec).forEach(weight -> tensors.put(weight.name(), weight.shape()));
        // a tied head is a projection all the same
        Shape embedding = tensors.get(EMBEDDING);
        if (embedding != null) {
            tensors.putIfAbsent("output.weight", embedding);
        }
    }

    /**
     * The adapter by our names.
     *
     * @param adapter by Hugging Face's module paths
     * @throws ModelException in one sentence that names what the model does not have, or has in another shape
     */
    public static AdapterParts of(AdapterTensors adapter, ModelSpec spec) {
        AdapterCheck check = new AdapterCheck(spec);
        Map<String, AdapterParts.Patch> patches = check.patches(adapter);
        Optional<Pair> embedding = check.embedding(adapter.embeddings());
        Map<String, Tensor> replaced = check.replaced(adapter.replaced());
        check.finish();
        return new AdapterParts(patches, embedding, replaced);
    }

    private Map<String, AdapterParts.Patch> patches(AdapterTensors adapter) {
        Map<String, AdapterParts.Patch> patches = new LinkedHashMap<>();
        adapter.pairs().forEach((module, pair) -> {
            Optional<String> projection = names.fromHuggingFace(module).filter(this::isProjection);
            if (projection.isEmpty()) {
                strangers.add(module);
            } else if (!fits(pair, tensors.get(projection.get() + WEIGHT))) {
                misshaped.add(module + " with A " + pair.a().shape() + " and B "
                        + pair.b().shape() + " on " + tensors.get(projection.get() + WEIGHT));
            } else {
                patches.put(
                        projection.get(),
                        new AdapterParts.Patch(
                                pair,
                                Optional.ofNullable(adapter.magnitudes().get(module)),
                                Optional.ofNullable(adapter.shifts().get(module))));
            }
        });
        return patches;
    }

    /** A matrix that rows are multiplied by, which an embedding is not. */
    private boolean isProjection(String name) {
        Shape shape = tensors.get(name + WEIGHT);
        return shape != null && shape.rank() == 2 && (name.startsWith("blk.") || name.equals("output"));
    }

    private static boolean fits(Pair pair, @Nullable Shape projection) {
        return projection != null
                && pair.a().shape().rank() == 2
                && pair.b().shape().rank() == 2
                && pair.a().rows() == pair.b().cols()
                && pair.a().cols() == projection.cols()
                && pair.b().rows() == projection.rows();
    }

    private Optional<Pair> embedding(Map<String, Pair> embeddings) {
        Optional<Pair> found = Optional.empty();
        for (Map.Entry<String, Pair> entry : embeddings.entrySet()) {
            Pair pair = entry.getValue();
            Shape table = tensors.get(EMBEDDING);
            if (table == null || !names.fromHuggingFace(entry.getKey()).equals(Optional.of("token_embd"))) {
                strangers.add(entry.getKey());
            } else if (pair.a().cols() != table.rows() || pair.b().rows() != table.cols()) {
                misshaped.add(entry.getKey() + " with A " + pair.a().shape() + " and B "
                        + pair.b().shape() + " on " + table);
            } else {
                found = Optional.of(pair);
            }
        }
        return found;
    }

    private Map<String, Tensor> replaced(Map<String, Tensor> replaced) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        replaced.forEach((theirs, tensor) -> {
            Optional<String> name = names.fromHuggingFace(theirs).filter(this::isReplaceable);
            if (name.isEmpty()) {
                strangers.add(theirs);
            } else if (!tensor.shape().equals(tensors.get(name.get()))) {
                misshaped.add(theirs + " " + tensor.shape() + " on " + tensors.get(name.get()));
            } else {
                found.put(name.get(), tensor);
            }
        });
        return found;
    }

    /** The embedding, and weights and biases of projections; a norm of its own is no adapter's. */
    private boolean isReplaceable(String name) {
        return tensors.containsKey(name)
                && (name.equals(EMBEDDING) || isProjection(name.substring(0, name.lastIndexOf('.'))));
    }

    private void finish() {
        List<String> faults = new ArrayList<>();
        WeightCheck.name(faults, "of no projection or embedding of it", strangers);
        WeightCheck.name(faults, "of another shape", misshaped);
        if (!faults.isEmpty()) {
            throw new ModelException("the adapter's pairs do not fit the model: " + String.join("; ", faults)
                    + "; was it trained on another base model?");
        }
    }
}
