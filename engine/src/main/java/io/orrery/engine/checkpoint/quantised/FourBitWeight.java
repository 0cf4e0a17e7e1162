package io.orrery.engine.checkpoint.quantised;

import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;

/**
 * A weight of bitsandbytes in 4 bits: {@code table[number] * magnitude}, rounded to the dtype of its state. Source: bitsandbytes
 * {@code functional.py}, {@code dequantize_4bit}, and {@code csrc/kernels.cu}, {@code kDequantizeBlockwise}.
 *
 * @param packed two elements a byte in the order of rows, which need not begin with one; the first in the upper half
 * @param table 16 values
 */
record FourBitWeight(MemorySegment packed, Magnitudes magnitudes, float[] table, FourBitState state) {
    private static final int BLOCK = DType.NF4.blockElements();
    private static final int MAGNITUDE_BYTES = Float.BYTES;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Our packed layouts by the dtype of the state. */
    private static final Map<DType, DType> NF4 =
            Map.of(DType.F32, DType.NF4, DType.F16, DType.NF4_F16, DType.BF16, DType.NF4_BF16);

    private static final Map<DType, DType> FP4 =
            Map.of(DType.F32, DType.FP4, DType.F16, DType.FP4_F16, DType.BF16, DType.FP4_BF16);

    /** Packed where our blocks are within rows and within blocks of the file, and the table is the usual one; else the values. */
    Tensor tensor() {
        Optional<DType> layout = layout();
        if (layout.isPresent() && cols() % BLOCK == 0 && state.blockSize() % BLOCK == 0) {
            return Tensor.computed(layout.get(), state.shape(), this::readPacked);
        }
        return Tensor.computed(state.dtype(), state.shape(), this::readValues);
    }

    private Optional<DType> layout() {
        if (isTable(DType.NF4)) {
            return Optional.ofNullable(NF4.get(state.dtype()));
        }
        return isTable(DType.FP4) ? Optional.ofNullable(FP4.get(state.dtype())) : Optional.empty();
    }

    /** What a block with the magnitude 1 and each number in turn decodes to. */
    private boolean isTable(DType dtype) {
        MemorySegment block = MemorySegment.ofArray(new byte[dtype.blockBytes()]);
        block.set(FLOAT, 0, 1);
        for (int i = 0; i < table.length; i += 2) {
            block.set(ValueLayout.JAVA_BYTE, MAGNITUDE_BYTES + i / 2, (byte) (i << 4 | i + 1));
        }
        float[] values = new float[BLOCK];
        BlockFormat.of(dtype).dequantize(block, 0, values, 0, BLOCK);
        for (int i = 0; i < table.length; i++) {
            if (values[i] != table[i]) {
                return false;
            }
        }
        return true;
    }

    private long cols() {
        return state.shape().cols();
    }

    private void readPacked(int from, int to, MemorySegment into) {
        long at = 0;
        for (long element = from * cols(); element < to * cols(); element += BLOCK) {
            into.set(FLOAT, at, magnitudes.of(element / state.blockSize()));
            MemorySegment.copy(packed, element / 2, into, at + MAGNITUDE_BYTES, BLOCK / 2);
            at += MAGNITUDE_BYTES + BLOCK / 2;
        }
    }

    private void readValues(int from, int to, MemorySegment into) {
        BlockFormat format = BlockFormat.of(state.dtype());
        int cols = state.shape().cols();
        float[] row = new float[cols];
        for (int r = from; r < to; r++) {
            for (int c = 0; c < cols; c++) {
                long element = (long) r * cols + c;
                int both = packed.get(ValueLayout.JAVA_BYTE, element / 2);
                int number = (element % 2 == 0 ? both >> 4 : both) & 15;
                row[c] = table[number] * magnitudes.of(element / state.blockSize());
            }
            format.quantize(row, 0, into, (r - from) * state.dtype().bytes(cols), cols);
        }
    }
}
