package io.orrery.engine.model;

import io.orrery.engine.ops.LinearOutput;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** y[T, out] = x[T, in] · wᵀ + b, and what the step's adaptation adds to it. */
record Projection(String name, Tensor weight, @Nullable Tensor bias) {
    Tensor apply(Tensor x, Step step) {
        return applyEach(x, step, List.of(this)).getFirst();
    }

    /** Several projections of one input. */
    static List<Tensor> applyEach(Tensor x, Step step, List<Projection> projections) {
        List<LinearOutput> outputs = projections.stream()
                .map(projection -> new LinearOutput(
                        step.empty(x.rows(), projection.weight.rows()), projection.weight, projection.bias))
                .toList();
        step.ops().linears(outputs, x);
        for (int i = 0; i < outputs.size(); i++) {
            projections.get(i).record(outputs.get(i).y(), x, step);
        }
        return outputs.stream().map(LinearOutput::y).toList();
    }

    /** Records the way back, and adds what the step's adaptation does. */
    private void record(Tensor y, Tensor x, Step step) {
        Tape tape = step.tape();
        tape.record(() -> step.ops()
                .linearBackward(
                        step.gradient(x),
                        tape.weightGradient(weight),
                        tape.weightGradient(bias),
                        tape.gradient(y),
                        x,
                        weight));
        step.adaptation().add(name, y, x, step.ops(), tape);
    }
}
