package io.orrery.engine.tensor;

/**
 * Bytes that lie nowhere but are made row by row: a weight whose parts a file keeps apart, rows in another order, a sum, another
 * dtype. What is made of such tensors needs memory for the rows at hand alone.
 *
 * @param firstRow of the source, where these rows begin
 * @param rows how many there are
 */
record ComputedRows(RowSource source, int firstRow, int rows, long rowBytes) implements Storage {
    @Override
    public long byteSize() {
        return rows * rowBytes;
    }

    @Override
    public ComputedRows slice(long offset, long byteSize) {
        if (offset % rowBytes != 0 || byteSize % rowBytes != 0) {
            throw new UnsupportedOperationException(
                    "bytes " + offset + " to " + (offset + byteSize) + " are not whole rows of " + rowBytes + " bytes");
        }
        int from = Math.toIntExact(offset / rowBytes);
        return new ComputedRows(source, firstRow + from, Math.toIntExact(byteSize / rowBytes), rowBytes);
    }
}
