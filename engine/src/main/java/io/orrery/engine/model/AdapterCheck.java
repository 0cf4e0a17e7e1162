package io.orrery.engine.model;

import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares an adapter's pairs with the projections of the layers of a model. */
final class AdapterCheck {
    private AdapterCheck() {}

    /**
     * The pairs by our names.
     *
     * @param pairs by Hugging Face's module paths
     * @throws ModelException in one sentence that names what the model does not have, or has in another shape
     */
    static Map<String, Pair> byProjection(Map<String, Pair> pairs, ModelSpec spec) {
        Map<String, Shape> projections = projections(spec);
        WeightNames names = WeightNames.of(spec);
        Map<String, Pair> found = new LinkedHashMap<>();
        List<String> strangers = new ArrayList<>();
        List<String> misshaped = new ArrayList<>();
        pairs.forEach((module, pair) -> {
            Optional<String> projection = names.fromHuggingFace(module).filter(projections::containsKey);
            if (projection.isEmpty()) {
                strangers.add(module);
            } else if (!fits(pair, projections.get(projection.get()))) {
                misshaped.add(module + " with A " + pair.a().shape() + " and B "
                        + pair.b().shape() + " on " + projections.get(projection.get()));
            } else {
                found.put(projection.get(), pair);
            }
        });
        List<String> faults = new ArrayList<>();
        WeightCheck.name(faults, "of no projection in its layers", strangers);
        WeightCheck.name(faults, "of another shape", misshaped);
        if (!faults.isEmpty()) {
            throw new ModelException("the adapter's pairs do not fit the model: " + String.join("; ", faults)
                    + "; was it trained on another base model?");
        }
        return found;
    }

    /** [out, in] by projection name. The head is left out: its rows are not those of the batch. */
    private static Map<String, Shape> projections(ModelSpec spec) {
        Map<String, Shape> projections = new LinkedHashMap<>();
        for (WeightSpec weight : Weights.of(spec)) {
            if (weight.name().startsWith("blk.") && weight.shape().rank() == 2) {
                projections.put(weight.name().replaceFirst("\\.weight$", ""), weight.shape());
            }
        }
        return projections;
    }

    private static boolean fits(Pair pair, @Nullable Shape projection) {
        return projection != null
                && pair.a().shape().rank() == 2
                && pair.b().shape().rank() == 2
                && pair.a().rows() == pair.b().cols()
                && pair.a().cols() == projection.cols()
                && pair.b().rows() == projection.rows();
    }
}
