package io.orrery.engine.tensor;

import java.lang.foreign.MemorySegment;

/** Bytes in this process's memory: off-heap, or a mapped file. */
public record HostMemory(MemorySegment segment) implements Storage {
    @Override
    public long byteSize() {
        return segment.byteSize();
    }

    @Override
    public HostMemory slice(long offset, long byteSize) {
        return new HostMemory(segment.asSlice(offset, byteSize));
    }
}
