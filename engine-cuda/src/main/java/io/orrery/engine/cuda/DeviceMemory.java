package io.orrery.engine.cuda;

import io.orrery.engine.tensor.Storage;

/** Bytes of a GPU's memory, in row order. */
record DeviceMemory(long address, long byteSize) implements Storage {
    @Override
    public DeviceMemory slice(long offset, long byteSize) {
        return new DeviceMemory(address + offset, byteSize);
    }
}
