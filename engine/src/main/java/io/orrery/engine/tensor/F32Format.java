package io.orrery.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** IEEE 754 single precision, little-endian. */
final class F32Format implements BlockFormat {
    private static final ValueLayout.OfFloat LITTLE_ENDIAN =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public void dequantize(MemorySegment from, long fromOffset, float[] to, int toOffset, int elements) {
        MemorySegment.copy(from, LITTLE_ENDIAN, fromOffset, to, toOffset, elements);
    }

    @Override
    public void quantize(float[] from, int fromOffset, MemorySegment to, long toOffset, int elements) {
        MemorySegment.copy(from, fromOffset, to, LITTLE_ENDIAN, toOffset, elements);
    }
}
