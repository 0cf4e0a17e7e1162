package io.orrery.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** 32 signed bytes behind one F16 scale: ggml {@code block_q8_0}, encoded as {@code quantize_row_q8_0_ref} does. */
final class Q8_0Format implements BlockFormat {
    private static final int BLOCK = 32;
    private static final int BYTES = 34;
    private static final ValueLayout.OfShort SCALE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public DType dtype() {
        return DType.Q8_0;
    }

    @Override
    public void dequantize(MemorySegment from, long fromOffset, float[] to, int toOffset, int elements) {
        checkWhole(elements);
        for (int block = 0; block < elements / BLOCK; block++) {
            long at = fromOffset + (long) block * BYTES;
            float scale = Float.float16ToFloat(from.get(SCALE, at));
            for (int i = 0; i < BLOCK; i++) {
                to[toOffset + block * BLOCK + i] = scale * from.get(ValueLayout.JAVA_BYTE, at + 2 + i);
            }
        }
    }

    @Override
    public void quantize(float[] from, int fromOffset, MemorySegment to, long toOffset, int elements) {
        checkWhole(elements);
        for (int block = 0; block < elements / BLOCK; block++) {
            int start = fromOffset + block * BLOCK;
            long at = toOffset + (long) block * BYTES;
            float scale = largestMagnitude(from, start) / 127;
            float inverse = scale == 0 ? 0 : 1 / scale;
            to.set(SCALE, at, Float.floatToFloat16(scale));
            for (int i = 0; i < BLOCK; i++) {
                to.set(ValueLayout.JAVA_BYTE, at + 2 + i, (byte) roundAwayFromZero(from[start + i] * inverse));
            }
        }
    }

    private static float largestMagnitude(float[] values, int start) {
        float largest = 0;
        for (int i = 0; i < BLOCK; i++) {
            largest = Math.max(largest, Math.abs(values[start + i]));
        }
        return largest;
    }

    /** C's {@code roundf}: halves go away from zero. */
    private static int roundAwayFromZero(double value) {
        return (int) (value + Math.copySign(0.5, value));
    }

    private static void checkWhole(int elements) {
        if (elements % BLOCK != 0) {
            throw new IllegalArgumentException(elements + " elements do not fill whole Q8_0 blocks of " + BLOCK);
        }
    }
}
