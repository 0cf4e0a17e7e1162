package io.orrery.engine.ops;

import io.orrery.engine.tensor.Tensor;

/**
 * Memory of one device for the activations of a step. It keeps what it once took, so that steps after the first allocate
 * nothing. Confined to the thread that owns the device.
 */
public interface Workspace extends AutoCloseable {
    /** F32, all zero. Valid until {@link #release} goes back past it. */
    Tensor zeros(long... dims);

    /** F32, contents undefined: for outputs that an operation writes whole. */
    Tensor empty(long... dims);

    /** The present fill, to hand to {@link #release}. */
    long mark();

    /** Takes back everything handed out since the mark; the tensors must not be used any more. */
    void release(long mark);

    /** Takes back everything. */
    default void reset() {
        release(0);
    }

    /** Bytes taken from the device so far: the high-water mark. */
    long byteSize();

    @Override
    void close();
}
