package io.orrery.engine.cpu;

/** What quantised weights are multiplied by. */
public enum ActivationMode {
    /** F32 activations and exactly decoded weights. */
    F32,
    /**
     * What the CPU multiplies fastest: by Q8_0 weights, activations quantised 32 at a time (AVX-512 VNNI); by BF16 weights,
     * activations rounded to BF16 (AVX512_BF16). On a CPU that lacks these, and going back, the same as {@link #F32}.
     */
    NATIVE
}
