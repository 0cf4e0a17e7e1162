package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A norm with its weight, and bias where it has one, over whole rows or over each head of them. */
record Normalisation(Norm norm, Tensor weight, @Nullable Tensor bias) {
    Tensor apply(Tensor x, Step step) {
        Tensor y = step.empty(x.rows(), x.cols());
        switch (norm) {
            case Norm.Rms rms -> step.ops().rmsNorm(y, x, weight, rms.eps(), rms.offset());
            case Norm.LayerNorm layer -> step.ops().layerNorm(y, x, weight, biasOf(layer), layer.eps());
        }
        Tape tape = step.tape();
        if (step.isConstant(x) && tape.weightGradient(weight) == null && tape.weightGradient(bias) == null) {
            step.markConstant(y);
        } else {
            tape.record(() -> backward(y, x, step));
        }
        return y;
    }

    private void backward(Tensor y, Tensor x, Step step) {
        Tape tape = step.tape();
        Tensor dx = step.gradient(x);
        Tensor dWeight = tape.weightGradient(weight);
        switch (norm) {
            case Norm.Rms rms ->
                step.ops().rmsNormBackward(dx, dWeight, tape.gradient(y), x, weight, rms.eps(), rms.offset());
            case Norm.LayerNorm layer ->
                step.ops()
                        .layerNormBackward(
                                dx, dWeight, tape.weightGradient(bias), tape.gradient(y), x, weight, layer.eps());
        }
    }

    private Tensor biasOf(Norm.LayerNorm layer) {
        if (bias == null) {
            throw new ModelException("the weights of " + layer + " have no bias");
        }
        return bias;
    }
}
