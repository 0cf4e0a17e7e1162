package io.orrery.cli.conformance;

import io.orrery.engine.tensor.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Whether numbers are as close as they must be: |got - want| <= atol + rtol * |want|, element by element. */
final class Comparison {
    private final double atol;
    private final double rtol;

    Comparison(double atol, double rtol) {
        this.atol = atol;
        this.rtol = rtol;
    }

    /** What is wrong: the worst element, and how many are out of bounds. Empty where nothing is. */
    Optional<String> difference(float[] got, float[] want, Shape shape) {
        if (got.length != want.length) {
            return Optional.of("got " + got.length + " values, want " + want.length + " of shape " + shape);
        }
        int worst = -1;
        double worstExcess = 0;
        int wrong = 0;
        for (int i = 0; i < want.length; i++) {
            double excess = excess(got[i], want[i]);
            // NaN compares with nothing: it is out of bounds
            if (!(excess <= 0)) {
                wrong++;
                if (worst < 0 || Double.isNaN(excess) || excess > worstExcess) {
                    worst = i;
                    worstExcess = excess;
                }
            }
        }
        return worst < 0 ? Optional.empty() : Optional.of(described(got, want, worst, shape, wrong));
    }

    private double excess(double got, double want) {
        return got == want ? 0 : Math.abs(got - want) - (atol + rtol * Math.abs(want));
    }

    private String described(float[] got, float[] want, int worst, Shape shape, int wrong) {
        double allowed = atol + rtol * Math.abs(want[worst]);
        return "got " + got[worst] + ", want " + want[worst] + ", worst element " + position(worst, shape) + " of "
                + shape
                + " (off by " + (float) Math.abs((double) got[worst] - want[worst]) + ", allowed " + (float) allowed
                + "; " + wrong + " of " + want.length + " out of bounds)";
    }

    /** A flat index by the tensor's dimensions. */
    private static String position(long index, Shape shape) {
        Deque<Long> position = new ArrayDeque<>();
        long rest = index;
        for (long dim : shape.dims().reversed()) {
            position.addFirst(dim == 0 ? 0 : rest % dim);
            rest = dim == 0 ? 0 : rest / dim;
        }
        return position.toString();
    }

    /** As {@link #difference(float[], float[], Shape)} for one number. */
    Optional<String> difference(double got, double want) {
        return excess(got, want) <= 0
                ? Optional.empty()
                : Optional.of("got " + got + ", want " + want + ", off by " + (float) Math.abs(got - want)
                        + ", allowed " + (float) (atol + rtol * Math.abs(want)));
    }
}
