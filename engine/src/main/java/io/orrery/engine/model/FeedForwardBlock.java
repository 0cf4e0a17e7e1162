package io.orrery.engine.model;

import io.orrery.engine.ops.Activation;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;

/** down(activation(gate(x)) * up(x)). */
record FeedForwardBlock(Projection gate, Projection up, Projection down, Activation activation) implements Block {
    static FeedForwardBlock of(String name, ModelSpec.FeedForward spec, NamedWeights weights) {
        return new FeedForwardBlock(
                weights.projection(name + "_gate"),
                weights.projection(name + "_up"),
                weights.projection(name + "_down"),
                spec.activation());
    }

    @Override
    public Tensor apply(Tensor x, Step step) {
        Tensor gated = gate.apply(x, step);
        Tensor lifted = up.apply(x, step);
        Tensor y = step.empty(gated.rows(), gated.cols());
        Tape tape = step.tape();
        step.ops().activate(y, gated, lifted, activation);
        tape.record(() -> step.ops()
                .activateBackward(
                        tape.gradient(gated), tape.gradient(lifted), tape.gradient(y), gated, lifted, activation));
        return down.apply(y, step);
    }
}
