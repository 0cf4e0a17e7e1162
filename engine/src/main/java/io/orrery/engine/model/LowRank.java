package io.orrery.engine.model;

import io.orrery.engine.model.LoraAdapter.Delta;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.ops.Workspace;
import io.orrery.engine.tensor.Tensor;

/**
 * y = gain · (y + s · x Aᵀ Bᵀ + bias) (Hu et al. 2021, equation 3; Liu et al. 2024), and, without gain and bias, back: dB += dyᵀ (s · x Aᵀ), dA += s · (dy B)ᵀ x, dx += s · (dy B) A. The
 * scale goes where the rank is, so that nothing of the output's size is kept.
 */
record LowRank(Delta delta, Ops ops, Tape tape) {
    void add(Tensor y, Tensor x) {
        if (tape.isRecording() && (delta.gain() != null || delta.bias() != null)) {
            throw new IllegalArgumentException("adapters with a gain or a bias are for inference alone");
        }
        Workspace workspace = ops.workspace();
        Tensor product = workspace.empty(x.rows(), delta.a().rows());
        ops.linear(product, x, delta.a(), null);
        Tensor reduced = scaled(product);
        long mark = workspace.mark();
        Tensor sum = workspace.empty(y.rows(), y.cols());
        ops.linear(sum, reduced, delta.b(), delta.bias());
        ops.add(y, sum, 1);
        workspace.release(mark);
        if (delta.gain() != null) {
            ops.scaleColumns(y, y, delta.gain());
        }
        tape.record(() -> backward(tape.gradient(y), x, reduced));
    }

    private void backward(Tensor dy, Tensor x, Tensor reduced) {
        Tensor dx = tape.gradient(x);
        long mark = ops.workspace().mark();
        Tensor dReduced = ops.workspace().zeros(reduced.rows(), reduced.cols());
        ops.linearBackward(dReduced, tape.weightGradient(delta.b()), null, dy, reduced, delta.b());
        ops.linearBackward(dx, tape.weightGradient(delta.a()), null, scaled(dReduced), x, delta.a());
        ops.workspace().release(mark);
    }

    private Tensor scaled(Tensor x) {
        Tensor y = ops.workspace().zeros(x.rows(), x.cols());
        ops.add(y, x, delta.scale());
        return y;
    }
}
