package io.orrery.engine.checkpoint.quantised;

import io.orrery.engine.tensor.RowSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Rows of LLM.int8 as F32: {@code number * scale * (1/127)} in this order. Source: bitsandbytes {@code functional.py}, {@code
 * int8_vectorwise_dequant}.
 *
 * @param scales one a row
 */
record Int8Rows(MemorySegment numbers, Floats scales, int cols) implements RowSource {
    /** 1/127 with as many digits as the source has. */
    private static final float STEP = 7.874015718698502e-3f;

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public void read(int from, int to, MemorySegment into) {
        long at = 0;
        for (int row = from; row < to; row++) {
            float scale = scales.at(row);
            for (int c = 0; c < cols; c++) {
                float value = numbers.get(ValueLayout.JAVA_BYTE, (long) row * cols + c) * scale * STEP;
                into.set(FLOAT, at, value);
                at += Float.BYTES;
            }
        }
    }
}
