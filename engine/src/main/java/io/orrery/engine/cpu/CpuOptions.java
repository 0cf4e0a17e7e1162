package io.orrery.engine.cpu;

/**
 * How the CPU computes.
 *
 * @param threads threads that share an operation, the caller among them; results do not depend on it
 * @param activations precision of what quantised weights are multiplied by
 */
public record CpuOptions(int threads, ActivationMode activations) {
    public CpuOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads (" + threads + ") must be at least 1");
        }
    }

    /** A thread per core, exact activations. */
    public static CpuOptions defaults() {
        return new CpuOptions(Runtime.getRuntime().availableProcessors(), ActivationMode.F32);
    }
}
