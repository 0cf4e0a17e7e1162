package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Gate;
import io.orrery.engine.ops.Activation;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * down(activation(gate(x)) * up(x)), or down(activation(up(x))).
 *
 * @param gate a projection of its own, where the gate has one
 */
record FeedForwardBlock(
        Gate kind,
        Optional<Projection> gate,
        Projection up,
        Projection down,
        int intermediateSize,
        Activation activation)
        implements Block {
    static FeedForwardBlock of(String name, ModelSpec.FeedForward spec, NamedWeights weights) {
        return new FeedForwardBlock(
                spec.gate(),
                spec.gate() == Gate.SEPARATE ? Optional.of(weights.projection(name + "_gate")) : Optional.empty(),
                weights.projection(name + "_up"),
                weights.projection(name + "_down"),
                spec.intermediateSize(),
                spec.activation());
    }

    @Override
    public Tensor apply(Tensor x, Step step) {
        Tensor activated = switch (kind) {
            case NONE -> activated(up.apply(x, step), null, step);
            case SEPARATE -> {
                List<Tensor> lifted = Projection.applyEach(x, step, List.of(up, gate.orElseThrow()));
                yield activated(lifted.get(1), lifted.get(0), step);
            }
            case FUSED -> {
                Tensor lifted = up.apply(x, step);
                yield activated(
                        QueryKeyValue.columns(lifted, 0, intermediateSize, step),
                        QueryKeyValue.columns(lifted, intermediateSize, intermediateSize, step),
                        step);
            }
        };
        return down.apply(activated, step);
    }

    private Tensor activated(Tensor gated, @Nullable Tensor lifted, Step step) {
        Tensor y = step.empty(gated.rows(), gated.cols());
        Tape tape = step.tape();
        step.ops().activate(y, gated, lifted, activation);
        tape.record(() -> step.ops()
                .activateBackward(
                        tape.gradient(gated),
                        lifted == null ? null : tape.gradient(lifted),
                        tape.gradient(y),
                        gated,
                        lifted,
                        activation));
        return y;
    }
}
