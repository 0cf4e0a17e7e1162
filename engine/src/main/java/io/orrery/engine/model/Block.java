package io.orrery.engine.model;

import io.orrery.engine.tensor.Tensor;

/** The body of a residual branch with its weights. Confined to the thread that owns the device. */
interface Block {
    /** [T, hiddenSize] from as much, recording the way back on the step's tape. */
    Tensor apply(Tensor x, Step step);
}
