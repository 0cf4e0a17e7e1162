package io.orrery.engine.generate;

/** Why a sequence ended. */
public enum FinishReason {
    /** A stop token, or a stop string found by the reader. */
    STOP,
    /** The asked number of tokens, or the end of the context. */
    LENGTH,
    /** The reader went away. */
    CANCELLED
}
