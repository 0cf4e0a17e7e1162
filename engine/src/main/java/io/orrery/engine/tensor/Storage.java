package io.orrery.engine.tensor;

/** Where a tensor's bytes lie: {@link HostMemory}, a device's memory, or a layout that only one backend reads. */
public interface Storage {
    /** Bytes held, so that what a model takes can be reported. */
    long byteSize();

    /** The same bytes from an offset on. @throws UnsupportedOperationException for layouts without row order */
    Storage slice(long offset, long byteSize);
}
