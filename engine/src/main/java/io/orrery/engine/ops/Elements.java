package io.orrery.engine.ops;

import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reading and writing single numbers of tensors in host memory. */
final class Elements {
    private Elements() {}

    static float get(MemorySegment x, long index) {
        return x.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
    }

    static void set(MemorySegment x, long index, double value) {
        x.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index, (float) value);
    }

    static void add(MemorySegment x, long index, double value) {
        set(x, index, get(x, index) + value);
    }

    /** One row as F32, dequantised where it is quantised. */
    static void row(Tensor x, int row, float[] to) {
        BlockFormat.of(x.dtype()).dequantize(x.segment(), row * x.rowBytes(), to, 0, x.cols());
    }

    static float[] rows(Tensor x) {
        return x.decode();
    }
}
