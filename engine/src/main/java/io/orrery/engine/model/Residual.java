package io.orrery.engine.model;

import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;

/** h + body(before(h)). */
record Residual(Normalisation before, Block body) {
    Tensor apply(Tensor h, Step step) {
        return step.tape().isRecording() ? recorded(h, step) : inPlace(h, step);
    }

    /** Nobody looks back: h is overwritten, and the branch's memory serves the next one. */
    private Tensor inPlace(Tensor h, Step step) {
        Ops ops = step.ops();
        long mark = ops.workspace().mark();
        ops.add(h, body.apply(before.apply(h, step), step), 1);
        ops.workspace().release(mark);
        return h;
    }

    /**
     * The way back reads h, so that the sum gets memory of its own. Its gradient is the one of both terms: all that the
     * stream's tensors add to is one buffer, which the body has read before the norm adds to it.
     */
    private Tensor recorded(Tensor h, Step step) {
        Tape tape = step.tape();
        Tensor y = body.apply(before.apply(h, step), step);
        Tensor sum = step.empty(h.rows(), h.cols());
        step.ops().copy(sum, h);
        step.ops().add(sum, y, 1);
        tape.share(y, h);
        tape.share(sum, h);
        return sum;
    }
}
