package io.orrery.engine.cpu;

/** What quantised weights are multiplied by. */
public enum ActivationMode {
    /** F32 activations and exactly decoded weights. */
    F32,
    /** What the CPU multiplies fastest: activations quantised a block at a time, where the weights are. */
    NATIVE
}
