package io.orrery.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A row-major array on some device. The description is immutable; the bytes are the owner's to change. Identity, not
 * content, makes two tensors equal: a gradient belongs to one tensor.
 */
public final class Tensor {
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
        return new Tensor(dtype, to, storage);
    }

    /** The bytes, where they lie in this process. @throws IllegalStateException where they lie on a device */
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
