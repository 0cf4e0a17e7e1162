package io.orrery.engine.tensor;

import java.util.Arrays;
import java.util.List;

/** A tensor's dimensions, outermost first: a projection is {@code [out, in]}. A scalar has none. */
public record Shape(List<Long> dims) {
    public Shape {
        dims = List.copyOf(dims);
        for (long dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException("shape " + dims + " has a negative dimension");
            }
        }
    }

    public static Shape of(long... dims) {
        return new Shape(Arrays.stream(dims).boxed().toList());
    }

    /** @throws ArithmeticException where the product does not fit a long */
    public long elements() {
        long product = 1;
        for (long dim : dims) {
            product = Math.multiplyExact(product, dim);
        }
        return product;
    }

    public int rank() {
        return dims.size();
    }

    /** The innermost dimension; 1 for a scalar. */
    public int cols() {
        return dims.isEmpty() ? 1 : Math.toIntExact(dims.getLast());
    }

    /** Everything but the innermost dimension, flattened. */
    public int rows() {
        return cols() == 0 ? 0 : Math.toIntExact(elements() / cols());
    }

    @Override
    public String toString() {
        return dims.toString();
    }
}
