package io.orrery.engine.generate;

import java.util.List;

/** Computes one step of a model: the scheduler's view of the network. Confined to the engine thread. */
interface Forward extends AutoCloseable {
    /**
     * Stores the chunks' keys and values, and returns the logits after each {@linkplain Scheduler.Chunk#wanted wanted} token, in
     * order.
     */
    List<float[]> logits(List<Scheduler.Chunk> chunks);

    /** Length of a sequence beyond which what is cached must be computed anew, 0 for none. */
    default int recomputedBeyond() {
        return 0;
    }

    @Override
    void close();
}
