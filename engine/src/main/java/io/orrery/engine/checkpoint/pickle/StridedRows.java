package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.tensor.RowSource;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Rows whose elements lie apart: a transposed or expanded tensor. Immutable.
 *
 * @param elements from the first to the farthest one
 * @param sizes outermost first, at least one
 * @param strides in bytes
 */
record StridedRows(MemorySegment elements, List<Long> sizes, List<Long> strides, int elementBytes)
        implements RowSource {
    @Override
    public void read(int from, int to, MemorySegment into) {
        long inner = sizes.getLast();
        long stride = strides.getLast();
        long at = 0;
        for (int row = from; row < to; row++) {
            long start = start(row);
            for (long i = 0; i < inner; i++) {
                MemorySegment.copy(elements, start + i * stride, into, at, elementBytes);
                at += elementBytes;
            }
        }
    }

    private long start(long row) {
        long start = 0;
        long rest = row;
        for (int d = sizes.size() - 2; d >= 0; d--) {
            start += rest % sizes.get(d) * strides.get(d);
            rest /= sizes.get(d);
        }
        return start;
    }
}
