package io.orrery.engine.ops;

/** Element-wise non-linearities of feed-forward layers. */
public enum Activation {
    /** x · sigmoid(x). */
    SILU,
    /** x · Φ(x), by the error function. */
    GELU,
    /** The tanh approximation of GELU. */
    GELU_TANH,
    /** x · sigmoid(1.702 x). */
    QUICK_GELU,
    /** max(x, 0). */
    RELU
}
