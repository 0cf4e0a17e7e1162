package io.orrery.engine.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A row-major array on some device. The description is immutable; the bytes are the owner's to change. Identity, not
 * content, makes two tensors equal: a gradient belongs to one tensor.
 */
public final class Tensor {
    /** Of copies in bytes: a cache line. */
    private static final long ALIGNMENT = 64;

    private final DType dtype;
    private final Shape shape;
    private final Storage storage;

    public Tensor(DType dtype, Shape shape, Storage storage) {
        this.dtype = dtype;
        this.shape = shape;
        this.storage = storage;
    }

    public DType dtype() {
        return dtype;
    }

    public Shape shape() {
        return shape;
    }

    public Storage storage() {
        return storage;
    }

    /** Everything but the innermost dimension, flattened. */
    public int rows() {
        return shape.rows();
    }

    /** The innermost dimension. */
    public int cols() {
        return shape.cols();
    }

    public long elements() {
        return shape.elements();
    }

    public long rowBytes() {
        return dtype.bytes(cols());
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive) of the same bytes. */
    public Tensor rows(int from, int to) {
        if (from < 0 || to < from || to > rows()) {
            throw new IllegalArgumentException("rows " + from + ".." + to + " are not within " + this);
        }
        return new Tensor(
                dtype, Shape.of(to - from, cols()), storage.slice(from * rowBytes(), (to - from) * rowBytes()));
    }

    /** The same bytes under another shape of as many elements. */
    public Tensor reshape(long... dims) {
        Shape to = Shape.of(dims);
        if (to.elements() != elements()) {
            throw new IllegalArgumentException(this + " cannot become " + to + ": other number of elements");
        }
        if (isComputed() && to.cols() != cols()) {
            throw new IllegalArgumentException(this + " is computed row by row and cannot become " + to);
        }
        return new Tensor(dtype, to, storage);
    }

    /** A host tensor whose rows are made when they are read. A vector is one row. */
    public static Tensor computed(DType dtype, Shape shape, RowSource source) {
        return new Tensor(dtype, shape, new ComputedRows(source, 0, shape.rows(), dtype.bytes(shape.cols())));
    }

    /** A host tensor of F32 values that are there. */
    public static Tensor of(float[] values, long... dims) {
        Shape shape = Shape.of(dims);
        if (shape.elements() != values.length) {
            throw new IllegalArgumentException(values.length + " values are not " + shape);
        }
        return new Tensor(DType.F32, shape, new HostMemory(MemorySegment.ofArray(values)));
    }

    /**
     * Copies rows {@code from} (inclusive) to {@code to} (exclusive) of a host tensor, as they are encoded, to the beginning of
     * {@code into}; rows that are computed are made on the way.
     *
     * @throws IllegalStateException where they lie on a device
     */
    public void copyRows(int from, int to, MemorySegment into) {
        if (from < 0 || to < from || to > rows()) {
            throw new IllegalArgumentException("rows " + from + ".." + to + " are not within " + this);
        }
        if (storage instanceof ComputedRows computed) {
            computed.source().read(computed.firstRow() + from, computed.firstRow() + to, into);
        } else {
            MemorySegment.copy(segment(), from * rowBytes(), into, 0, (to - from) * rowBytes());
        }
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive) of a host tensor as F32. */
    public float[] decode(int from, int to) {
        int count = Math.multiplyExact(to - from, cols());
        float[] values = new float[count];
        if (storage instanceof ComputedRows) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment bytes = arena.allocate(Math.max(1, (to - from) * rowBytes()));
                copyRows(from, to, bytes);
                BlockFormat.of(dtype).dequantize(bytes, 0, values, 0, count);
            }
        } else {
            BlockFormat.of(dtype).dequantize(segment(), from * rowBytes(), values, 0, count);
        }
        return values;
    }

    /** The whole host tensor as F32. @throws ArithmeticException where that is too long for an array */
    public float[] decode() {
        return decode(0, rows());
    }

    /** Whether the rows are made when they are read, and {@link #segment} therefore has none. */
    public boolean isComputed() {
        return storage instanceof ComputedRows;
    }

    /** This host tensor with its bytes in memory of the arena. */
    public Tensor copyTo(Arena arena) {
        MemorySegment bytes = arena.allocate(Math.max(1, rows() * rowBytes()), ALIGNMENT);
        copyRows(0, rows(), bytes);
        return new Tensor(dtype, shape, new HostMemory(bytes.asSlice(0, rows() * rowBytes())));
    }

    /** The bytes, where they lie in this process. @throws IllegalStateException where they lie on a device, or nowhere */
    public MemorySegment segment() {
        if (storage instanceof HostMemory host) {
            return host.segment();
        }
        throw new IllegalStateException(
                this + " is not in host memory but in " + storage.getClass().getSimpleName());
    }

    /** One F32 element in host memory, by its flat index. For tests and small reads, not for loops. */
    public float at(long index) {
        return segment().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
    }

    @Override
    public String toString() {
        return dtype + shape.toString();
    }
}
