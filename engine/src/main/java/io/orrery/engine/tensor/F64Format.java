package io.orrery.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Double precision, little-endian; decoding rounds to single. */
final class F64Format implements BlockFormat {
    private static final ValueLayout.OfDouble LITTLE_ENDIAN =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public DType dtype() {
        return DType.F64;
    }

    @Override
    public void dequantize(MemorySegment from, long fromOffset, float[] to, int toOffset, int elements) {
        for (int i = 0; i < elements; i++) {
            to[toOffset + i] = (float) from.get(LITTLE_ENDIAN, fromOffset + 8L * i);
        }
    }

    @Override
    public void quantize(float[] from, int fromOffset, MemorySegment to, long toOffset, int elements) {
        for (int i = 0; i < elements; i++) {
            to.set(LITTLE_ENDIAN, toOffset + 8L * i, from[fromOffset + i]);
        }
    }
}
