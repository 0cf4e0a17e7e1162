package io.orrery.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** IEEE 754 half precision, little-endian; encoding rounds to nearest, ties to even. */
final class F16Format implements BlockFormat {
    private static final ValueLayout.OfShort LITTLE_ENDIAN =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public DType dtype() {
        return DType.F16;
    }

    @Override
    public void dequantize(MemorySegment from, long fromOffset, float[] to, int toOffset, int elements) {
        for (int i = 0; i < elements; i++) {
            to[toOffset + i] = Float.float16ToFloat(from.get(LITTLE_ENDIAN, fromOffset + 2L * i));
        }
    }

    @Override
    public void quantize(float[] from, int fromOffset, MemorySegment to, long toOffset, int elements) {
        for (int i = 0; i < elements; i++) {
            to.set(LITTLE_ENDIAN, toOffset + 2L * i, Float.floatToFloat16(from[fromOffset + i]));
        }
    }
}
