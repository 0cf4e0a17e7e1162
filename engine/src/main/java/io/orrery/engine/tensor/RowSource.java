package io.orrery.engine.tensor;

import java.lang.foreign.MemorySegment;

/** Makes the rows of a host tensor when they are asked for. Safe for threads. */
@FunctionalInterface
public interface RowSource {
    /**
     * Writes rows {@code from} (inclusive) to {@code to} (exclusive), encoded in the tensor's dtype, to the beginning of
     * {@code into}.
     */
    void read(int from, int to, MemorySegment into);
}
