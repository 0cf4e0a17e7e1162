package io.orrery.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The upper half of a single-precision number, little-endian; encoding rounds to nearest, ties to even. */
final class BF16Format implements BlockFormat {
    private static final ValueLayout.OfShort LITTLE_ENDIAN =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public DType dtype() {
        return DType.BF16;
    }

    @Override
    public void dequantize(MemorySegment from, long fromOffset, float[] to, int toOffset, int elements) {
        for (int i = 0; i < elements; i++) {
            to[toOffset + i] = Float.intBitsToFloat(from.get(LITTLE_ENDIAN, fromOffset + 2L * i) << 16);
        }
    }

    @Override
    public void quantize(float[] from, int fromOffset, MemorySegment to, long toOffset, int elements) {
        for (int i = 0; i < elements; i++) {
            to.set(LITTLE_ENDIAN, toOffset + 2L * i, encode(from[fromOffset + i]));
        }
    }

    /** The nearest value that BF16 holds. */
    static float round(float value) {
        return Float.intBitsToFloat(encode(value) << 16);
    }

    private static short encode(float value) {
        if (Float.isNaN(value)) {
            return (short) 0x7fc0;
        }
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }
}
