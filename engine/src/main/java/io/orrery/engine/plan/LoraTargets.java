package io.orrery.engine.plan;

import io.orrery.engine.model.ModelSpec;
import io.orrery.engine.model.WeightNames;
import io.orrery.engine.model.WeightSpec;
import io.orrery.engine.model.Weights;
import java.util.List;

/** The projections of a model that low-rank pairs are put beside. */
public final class LoraTargets {
    private static final String WEIGHT = ".weight";

    private LoraTargets() {}

    /** Whether a tensor is the matrix of a projection in a layer. */
    static boolean isProjection(WeightSpec weight) {
        return weight.name().startsWith("blk.") && weight.shape().rank() > 1;
    }

    /** @param modules projections by their last names in Hugging Face's files, such as {@code q_proj}; empty for all of the layers */
    public static List<WeightSpec> of(ModelSpec model, List<String> modules) {
        WeightNames names = WeightNames.of(model);
        return Weights.of(model).stream()
                .filter(weight -> modules.isEmpty()
                        ? isProjection(weight)
                        : weight.name().endsWith(WEIGHT) && modules.contains(module(weight.name(), names)))
                .toList();
    }

    private static String module(String weight, WeightNames names) {
        String path = names.huggingFace(weight.substring(0, weight.length() - WEIGHT.length()));
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** Parameters of pairs of this rank: A is [rank, in], B is [out, rank]. */
    public static long parameters(List<WeightSpec> targets, int rank) {
        return targets.stream()
                .mapToLong(weight ->
                        (long) rank * (weight.shape().rows() + weight.shape().cols()))
                .sum();
    }
}
