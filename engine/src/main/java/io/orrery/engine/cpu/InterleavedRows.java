package io.orrery.engine.cpu;

import io.orrery.engine.ops.Arguments;
import io.orrery.engine.tensor.Storage;
import java.lang.foreign.MemorySegment;

/**
 * Rows of a weight in the layout of interleaved.h, sixteen beside each other; a view of some of them knows the first.
 *
 * @param memory whole groups of sixteen rows, the first of which is row 0
 * @param layout how a group of sixteen rows lies
 * @param rowBytes of a row as its tensor counts them: offsets of slices are whole numbers of these
 */
record InterleavedRows(MemorySegment memory, InterleavedFormat.Layout layout, long rowBytes, long firstRow, long rows)
        implements Storage {
    static final int GROUP_ROWS = 16;

    @Override
    public long byteSize() {
        return (rows + GROUP_ROWS - 1) / GROUP_ROWS * layout.groupBytes();
    }

    @Override
    public InterleavedRows slice(long offset, long byteSize) {
        Arguments.require(
                offset % rowBytes == 0 && byteSize % rowBytes == 0,
                "interleaved rows of %s bytes cannot be cut at %s, %s bytes long",
                rowBytes,
                offset,
                byteSize);
        return new InterleavedRows(memory, layout, rowBytes, firstRow + offset / rowBytes, byteSize / rowBytes);
    }

    /** Where the kernels find the first row, which must be the first of a group. */
    long address() {
        Arguments.require(
                firstRow % GROUP_ROWS == 0, "a projection by weights from row %s on, amid a group of 16", firstRow);
        return memory.address() + firstRow / GROUP_ROWS * layout.groupBytes();
    }
}
