package io.orrery.engine.checkpoint.quantised;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A weight of GPTQ or AWQ, {@code [out, in]}: {@code scale * (number - zero)}, with a scale and a zero for each row and group of
 * inputs.
 *
 * @param bits of a number
 * @param scales {@code [groups, out]}
 * @param groups the group of each input
 * @param out rows
 */
record GroupedWeight(GroupedNumbers numbers, int bits, Floats scales, int[] groups, int out) {
    private static final int CHUNK = GroupedNumbers.CHUNK;
    private static final int SCALE_BYTES = Short.BYTES;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Packed where a block has one scale of F16 and numbers of at most 4 bits; else the values in F32. */
    Tensor tensor() {
        Shape shape = Shape.of(out, groups.length);
        boolean isPacked =
                bits <= 4 && scales.dtype() == DType.F16 && groups.length % CHUNK == 0 && chunksAreOfOneGroup();
        return isPacked
                ? Tensor.computed(DType.INT4, shape, this::readPacked)
                : Tensor.computed(DType.F32, shape, this::readValues);
    }

    /** Which they are unless groups are smaller or inputs were put into another order. */
    private boolean chunksAreOfOneGroup() {
        for (int k = 0; k < groups.length; k++) {
            if (groups[k] != groups[k - k % CHUNK]) {
                return false;
            }
        }
        return true;
    }

    // rows within chunks: neighbouring rows lie side by side in the file
    private void readPacked(int from, int to, MemorySegment into) {
        int[] chunk = new int[CHUNK];
        long rowBytes = DType.INT4.bytes(groups.length);
        for (int c = 0; c < groups.length / CHUNK; c++) {
            int group = groups[c * CHUNK];
            for (int row = from; row < to; row++) {
                numbers.read(row, c * CHUNK, CHUNK, chunk);
                long at = (row - from) * rowBytes + (long) c * DType.INT4.blockBytes();
                into.set(HALF, at, scales.bitsAt((long) group * out + row));
                into.set(ValueLayout.JAVA_BYTE, at + SCALE_BYTES, (byte) numbers.zero(row, group));
                for (int j = 0; j < CHUNK / 2; j++) {
                    int both = chunk[j] | chunk[j + CHUNK / 2] << 4;
                    into.set(ValueLayout.JAVA_BYTE, at + SCALE_BYTES + 1 + j, (byte) both);
                }
            }
        }
    }

    private void readValues(int from, int to, MemorySegment into) {
        int[] chunk = new int[CHUNK];
        for (int first = 0; first < groups.length; first += CHUNK) {
            int count = Math.min(CHUNK, groups.length - first);
            for (int row = from; row < to; row++) {
                numbers.read(row, first, count, chunk);
                long at = ((long) (row - from) * groups.length + first) * Float.BYTES;
                for (int j = 0; j < count; j++) {
                    int group = groups[first + j];
                    float scale = scales.at((long) group * out + row);
                    into.set(FLOAT, at + (long) j * Float.BYTES, scale * (chunk[j] - numbers.zero(row, group)));
                }
            }
        }
    }
}
