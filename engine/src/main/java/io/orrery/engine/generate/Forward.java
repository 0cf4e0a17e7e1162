package io.orrery.engine.generate;

import java.util.List;

/** Computes one step of a model: the scheduler's view of the network. Confined to the engine thread. */
interface Forward extends AutoCloseable {
    /**
     * Stores the chunks' keys and values, and returns the logits after each {@linkplain Scheduler.Chunk#wanted wanted} token, in
     * order.
     */
    List<float[]> logits(List<Scheduler.Chunk> chunks);

    @Override
    void close();
}
