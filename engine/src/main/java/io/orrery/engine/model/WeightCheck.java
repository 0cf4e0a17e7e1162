package io.orrery.engine.model;

import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Compares the tensors that are there with those that a model calls for. */
final class WeightCheck {
    private static final int MOST_NAMED = 4;

    private WeightCheck() {}

    /** @throws ModelException in one sentence that names what is missing, superfluous or of another shape */
    static void require(List<WeightSpec> wanted, Map<String, Tensor> found) {
        require(wanted, found, UnaryOperator.identity());
    }

    /** @param shown a tensor's name in the file that it came from */
    static void require(List<WeightSpec> wanted, Map<String, Tensor> found, UnaryOperator<String> shown) {
        List<String> missing = new ArrayList<>();
        List<String> misshaped = new ArrayList<>();
        Set<String> extra = new HashSet<>(found.keySet());
        for (WeightSpec weight : wanted) {
            Tensor tensor = found.get(weight.name());
            extra.remove(weight.name());
            if (tensor == null) {
                missing.add(shown.apply(weight.name()) + " " + weight.shape());
            } else if (!tensor.shape().equals(weight.shape())) {
                misshaped.add(shown.apply(weight.name()) + " is " + tensor.shape() + " and not " + weight.shape());
            }
        }
        List<String> faults = new ArrayList<>();
        name(faults, "missing", missing);
        name(
                faults,
                "not part of such a model",
                extra.stream().map(shown).sorted().toList());
        name(faults, "of another shape", misshaped);
        if (!faults.isEmpty()) {
            throw new ModelException(
                    "the tensors do not fit the model that the configuration describes: " + String.join("; ", faults));
        }
    }

    /** @throws ModelException that names the first tensor of a dtype that nothing here reads */
    static void requireReadable(Map<String, Tensor> tensors, UnaryOperator<String> shown) {
        tensors.forEach((name, tensor) -> {
            try {
                BlockFormat.of(tensor.dtype());
            } catch (IllegalArgumentException e) {
                throw new ModelException(shown.apply(name) + " cannot be computed with: " + e.getMessage(), e);
            }
        });
    }

    /** Adds how many there are of what, and the first few names. */
    static void name(List<String> faults, String what, List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        String few = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        String more = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "";
        faults.add(names.size() + " " + what + " (" + few + more + ")");
    }
}
