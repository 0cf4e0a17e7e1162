package io.orrery.engine.model;

import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** y[T, out] = x[T, in] · wᵀ + b, and what the step's adaptation adds to it. */
record Projection(String name, Tensor weight, @Nullable Tensor bias) {
    Tensor apply(Tensor x, Step step) {
        Tensor y = step.empty(x.rows(), weight.rows());
        Tape tape = step.tape();
        step.ops().linear(y, x, weight, bias);
        tape.record(() -> step.ops()
                .linearBackward(
                        step.gradient(x),
                        tape.weightGradient(weight),
                        tape.weightGradient(bias),
                        tape.gradient(y),
                        x,
                        weight));
        step.adaptation().add(name, y, x, step.ops(), tape);
        return y;
    }
}
