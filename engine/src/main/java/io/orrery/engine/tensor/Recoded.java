package io.orrery.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.function.UnaryOperator;

/** The same numbers stored otherwise, computed when they are read. */
public final class Recoded {
    /** Elements that are decoded at a time: what a reader needs of the Java heap. */
    private static final int PIECE = 1 << 16;

    private Recoded() {}

    /** The tensor itself where it is of this dtype already. */
    public static Tensor as(DType dtype, Tensor tensor) {
        return tensor.dtype() == dtype ? tensor : mapped(dtype, tensor, UnaryOperator.identity());
    }

    /** Every element with a number added to it. */
    public static Tensor shifted(DType dtype, Tensor tensor, float offset) {
        return mapped(dtype, tensor, values -> {
            for (int i = 0; i < values.length; i++) {
                values[i] += offset;
            }
            return values;
        });
    }

    /** Every element multiplied by a number. */
    public static Tensor multiplied(DType dtype, Tensor tensor, float factor) {
        return mapped(dtype, tensor, values -> {
            for (int i = 0; i < values.length; i++) {
                values[i] *= factor;
            }
            return values;
        });
    }

    private static Tensor mapped(DType dtype, Tensor tensor, UnaryOperator<float[]> change) {
        BlockFormat format = BlockFormat.of(dtype);
        int step = Math.max(1, PIECE / Math.max(1, tensor.cols()));
        long rowBytes = dtype.bytes(tensor.cols());
        return Tensor.computed(dtype, tensor.shape(), (from, to, into) -> {
            for (int row = from; row < to; row += step) {
                int end = Math.min(to, row + step);
                float[] values = change.apply(tensor.decode(row, end));
                MemorySegment rows = into.asSlice((row - from) * rowBytes, (end - row) * rowBytes);
                format.quantize(values, 0, rows, 0, values.length);
            }
        });
    }
}
