package io.orrery.engine.model;

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

/** {@code rope_freqs.weight} of a GGUF file: a divisor for every frequency, in every layer. */
final class RopeDivisors {
    private static final int MOST = 1 << 16;

    private RopeDivisors() {}

    static CausalLm of(CausalLm model, Tensor divisors) {
        if (divisors.dtype() != DType.F32 || divisors.elements() > MOST) {
            throw new ModelException("rope_freqs.weight is " + divisors
                    + "; it must be F32 with a divisor a pair of a head's dimensions");
        }
        List<Float> values = new ArrayList<>();
        for (long i = 0; i < divisors.elements(); i++) {
            values.add(divisors.at(i));
        }
        Scaling.Divisors scaling = new Scaling.Divisors(values);
        Trunk text = model.text();
        List<Stage> stages =
                text.stages().stream().map(stage -> stage(stage, scaling)).toList();
        return new CausalLm(new Trunk(text.input(), stages, text.outputNorm()), model.head());
    }

    private static Stage stage(Stage stage, Scaling.Divisors scaling) {
        return new Stage(
                stage.width(),
                stage.layers().stream().map(layer -> layer(layer, scaling)).toList());
    }

    private static Layer layer(Layer layer, Scaling.Divisors scaling) {
        return new Layer(layer.branches().stream()
                .map(branch -> new Branch(branch.name(), branch.before(), body(branch.body(), scaling)))
                .toList());
    }

    private static Sublayer body(Sublayer body, Scaling.Divisors scaling) {
        return switch (body) {
            case Attention attention -> attention.with(scaled(attention.rope(), scaling));
            case FeedForward feedForward -> feedForward;
        };
    }

    private static Rope scaled(Rope rope, Scaling.Divisors scaling) {
        if (scaling.values().size() != rope.dims() / 2) {
            throw new ModelException("rope_freqs.weight has " + scaling.values().size() + " divisors for "
                    + rope.dims() / 2 + " frequencies");
        }
        return new Rope(rope.dims(), rope.theta(), scaling);
    }
}
