package io.orrery.engine.model;

import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;

/** What is changed in the output of projections on the way: adapters. */
@FunctionalInterface
public interface Adaptation {
    /** The model as it is. */
    Adaptation NONE = (projection, y, x, ops, tape) -> {};

    /**
     * Adds to y and, where the tape records, records the way back.
     *
     * @param projection such as {@code blk.3.attn_q}
     * @param y [T, out], the projection's output, to add to
     * @param x [T, in], its input
     */
    void add(String projection, Tensor y, Tensor x, Ops ops, Tape tape);

    /**
     * Changes what tokens are embedded as.
     *
     * @param h [T, hiddenSize], rows of the model's own table, to change
     * @param tokens [T]
     */
    default void embed(Tensor h, int[] tokens, Ops ops) {}
}
