package io.orrery.engine.checkpoint.quantised;

/** The largest magnitude of each block of 4-bit numbers. */
@FunctionalInterface
interface Magnitudes {
    float of(long block);
}
