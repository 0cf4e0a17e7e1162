package io.orrery.engine.plan;

import java.util.List;

/**
 * A model of which no more is known than how many parameters it has: what it takes without its activations, which depend on more.
 */
public record ParameterCount(long parameters) {
    /** Of weights, gradients and two moments in F32. */
    private static final int TRAINED_IN_F32 = 16;

    /** Pairs have a hundredth of the parameters at most, F32, with gradients and moments. */
    private static final int PARAMETERS_A_PAIR = 100;

    private static final long RUNTIME = 1L << 29;

    public ParameterCount {
        if (parameters < 1) {
            throw new IllegalArgumentException("a model of " + parameters + " parameters cannot be planned");
        }
    }

    /** @param bits of a parameter */
    public Footprint inference(double bits) {
        return new Footprint(List.of(weights(bits), new Part("runtime", RUNTIME)));
    }

    /** Every weight trained in F32. */
    public Footprint full() {
        return new Footprint(List.of(
                new Part("weights, gradients and optimiser", TRAINED_IN_F32 * parameters),
                new Part("runtime", RUNTIME)));
    }

    /** Pairs beside weights of so many bits. */
    public Footprint lora(double bits) {
        return new Footprint(List.of(
                weights(bits),
                new Part("adapter, gradients and optimiser", TRAINED_IN_F32 * parameters / PARAMETERS_A_PAIR),
                new Part("runtime", RUNTIME)));
    }

    private Part weights(double bits) {
        return new Part("weights", (long) Math.ceil(parameters * bits / Byte.SIZE));
    }
}
