package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;

/** A norm with its weight, over whole rows or over each head of them. */
record Normalisation(Norm norm, Tensor weight) {
    Tensor apply(Tensor x, Step step) {
        Tensor y = step.empty(x.rows(), x.cols());
        switch (norm) {
            case Norm.Rms rms -> rms(y, x, rms.eps(), step);
        }
        return y;
    }

    private void rms(Tensor y, Tensor x, float eps, Step step) {
        Tape tape = step.tape();
        step.ops().rmsNorm(y, x, weight, eps, 0);
        if (step.isConstant(x) && tape.weightGradient(weight) == null) {
            step.markConstant(y);
            return;
        }
        tape.record(() -> step.ops()
                .rmsNormBackward(step.gradient(x), tape.weightGradient(weight), tape.gradient(y), x, weight, eps, 0));
    }
}
