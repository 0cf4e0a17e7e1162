package io.orrery.engine.cuda;

import io.orrery.engine.tensor.Storage;

/** Weights in tiles (packed.cuh). */
record TiledMemory(long address, long byteSize) implements Storage {
    @Override
    public Storage slice(long offset, long byteSize) {
        throw new UnsupportedOperationException("packed weights lie in tiles, not in rows");
    }
}
