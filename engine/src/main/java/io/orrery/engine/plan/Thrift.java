package io.orrery.engine.plan;

/** What a training saves memory by. */
public record Thrift(Optimizer optimizer, Activations activations, Logits logits) {
    /** What this platform trains by, where the layers' inputs fit the device. */
    public static final Thrift DEFAULT = new Thrift(Optimizer.ADAMW_8BIT, Activations.RECOMPUTED, Logits.CHUNKED);

    public Thrift with(Activations other) {
        return new Thrift(optimizer, other, logits);
    }

    public Thrift with(Logits other) {
        return new Thrift(optimizer, activations, other);
    }

    public Thrift with(Optimizer other) {
        return new Thrift(other, activations, logits);
    }

    /** What it remembers of each trained parameter. */
    public enum Optimizer {
        /** Two moments in F32. */
        ADAMW(8),
        /** Two moments of a byte, and a float for each block of 256 (Dettmers et al. 2022). */
        ADAMW_8BIT(2 + 2 * 4.0 / 256);

        private final double bytes;

        Optimizer(double bytes) {
            this.bytes = bytes;
        }

        /** Of moments, for so many parameters. */
        long bytes(long parameters) {
            return (long) Math.ceil(bytes * parameters);
        }
    }

    /** What of the forward pass is kept for the way back (Chen et al. 2016). */
    public enum Activations {
        /** All of every layer. */
        KEPT,
        /** The input of every layer; one layer at a time is computed again. */
        RECOMPUTED,
        /** As recomputed, with the inputs in the host's memory. */
        OFFLOADED
    }

    /** How many logits stand at a time. */
    public enum Logits {
        /** Those of 256 tokens, with their gradients. */
        CHUNKED,
        /** All, overwritten by their gradients. */
        IN_PLACE,
        /** All, with copies and gradients: what transformers does by itself. */
        ALL
    }
}
