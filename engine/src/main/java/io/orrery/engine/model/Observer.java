package io.orrery.engine.model;

import io.orrery.engine.tensor.Tensor;

/**
 * Looks inside a forward pass. A tensor handed over is valid during the call alone: read it with the network's
 * {@link io.orrery.engine.ops.Ops#read}. Called on the thread that owns the device.
 */
public interface Observer {
    /** Sees nothing. */
    Observer NONE = new Observer() {};

    /** The input of the first layer, [T, hiddenSize]. */
    default void embedded(Tensor x) {}

    /** The residual stream after a layer, before any norm, [T, hiddenSize]. */
    default void residual(int layer, Tensor h) {}

    /** Whether to compute {@link #attention} of a layer, which is slow. */
    default boolean wantsAttention(int layer) {
        return false;
    }

    /** Probabilities after the softmax, [heads*n, contextLength]: head by head, n the sequence's tokens in the step. */
    default void attention(int layer, int sequence, Tensor probabilities) {}
}
