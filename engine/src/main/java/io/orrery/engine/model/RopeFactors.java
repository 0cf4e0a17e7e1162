package io.orrery.engine.model;

import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Branch;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.FeedForward;
import io.orrery.engine.model.ModelSpec.Layer;
import io.orrery.engine.model.ModelSpec.Rope;
import io.orrery.engine.model.ModelSpec.Scaling;
import io.orrery.engine.model.ModelSpec.Stage;
import io.orrery.engine.model.ModelSpec.Sublayer;
import io.orrery.engine.model.ModelSpec.Trunk;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a GGUF file says of positions in tensors: {@code rope_freqs.weight}, a divisor for every frequency, and
 * {@code rope_factors_{short,long}.weight}, two for each. The same in every layer.
 */
final class RopeFactors {
    private static final int MOST = 1 << 16;

    private RopeFactors() {}

    /** The model with what these tensors say of its positions; they are taken from those that were found. */
    static CausalLm of(CausalLm model, GgufMetadata metadata, Map<String, Tensor> found) {
        Tensor divisors = found.remove("rope_freqs.weight");
        Tensor shorter = found.remove("rope_factors_short.weight");
        Tensor longer = found.remove("rope_factors_long.weight");
        if (divisors != null) {
            return scaled(model, new Scaling.Divisors(values("rope_freqs.weight", divisors)));
        }
        if (shorter == null && longer == null) {
            return model;
        }
        if (shorter == null || longer == null) {
            throw new ModelException("the file has only one of rope_factors_short.weight and rope_factors_long.weight;"
                    + " positions need both");
        }
        GgufKeys keys = new GgufKeys(metadata);
        return scaled(
                model,
                new Scaling.LongRope(
                        values("rope_factors_short.weight", shorter),
                        values("rope_factors_long.weight", longer),
                        keys.size("rope.scaling.original_context_length", keys.size("context_length")),
                        (float) keys.decimal("rope.scaling.attn_factor", 1)));
    }

    private static List<Float> values(String name, Tensor tensor) {
        if (tensor.dtype() != DType.F32 || tensor.elements() > MOST) {
            throw new ModelException(
                    name + " is " + tensor + "; it must be F32 with a divisor a pair of a head's dimensions");
        }
        List<Float> values = new ArrayList<>();
        for (long i = 0; i < tensor.elements(); i++) {
            values.add(tensor.at(i));
        }
        return values;
    }

    private static CausalLm scaled(CausalLm model, Scaling scaling) {
        Trunk text = model.text();
        List<Stage> stages =
                text.stages().stream().map(stage -> stage(stage, scaling)).toList();
        return model.with(new Trunk(text.input(), stages, text.outputNorm()));
    }

    private static Stage stage(Stage stage, Scaling scaling) {
        return new Stage(
                stage.width(),
                stage.layers().stream().map(layer -> layer(layer, scaling)).toList());
    }

    private static Layer layer(Layer layer, Scaling scaling) {
        return new Layer(layer.branches().stream()
                .map(branch -> new Branch(branch.name(), branch.before(), body(branch.body(), scaling)))
                .toList());
    }

    private static Sublayer body(Sublayer body, Scaling scaling) {
        return switch (body) {
            case Attention attention -> attention.with(scaled(attention.rope(), scaling));
            case FeedForward feedForward -> feedForward;
        };
    }

    private static Rope scaled(Rope rope, Scaling scaling) {
        return new Rope(rope.dims(), rope.theta(), scaling);
    }
}
