package io.orrery.engine.ops;

import static io.orrery.engine.ops.Elements.add;
import static io.orrery.engine.ops.Elements.get;
import static io.orrery.engine.ops.Elements.set;

import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Non-linearities and their slopes, in double. */
final class ScalarActivation {
    private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

    private ScalarActivation() {}

    static void forward(Tensor y, Tensor gate, @Nullable Tensor up, Activation activation) {
        for (long i = 0; i < y.elements(); i++) {
            double factor = up == null ? 1 : get(up.segment(), i);
            set(y.segment(), i, value(activation, get(gate.segment(), i)) * factor);
        }
    }

    static void backward(
            @Nullable Tensor dGate,
            @Nullable Tensor dUp,
            Tensor dy,
            Tensor gate,
            @Nullable Tensor up,
            Activation activation) {
        for (long i = 0; i < dy.elements(); i++) {
            double g = get(dy.segment(), i);
            double x = get(gate.segment(), i);
            double factor = up == null ? 1 : get(up.segment(), i);
            if (dGate != null) {
                add(dGate.segment(), i, g * slope(activation, x) * factor);
            }
            if (dUp != null) {
                add(dUp.segment(), i, g * value(activation, x));
            }
        }
    }

    static double value(Activation activation, double x) {
        return switch (activation) {
            case SILU -> x * sigmoid(x);
            case QUICK_GELU -> x * sigmoid(1.702 * x);
            case GELU -> x * normal(x);
            case GELU_TANH -> x * sigmoid(2 * tanhArgument(x));
            case RELU -> Math.max(0, x);
        };
    }

    static double slope(Activation activation, double x) {
        return switch (activation) {
            case SILU -> sigmoid(x) * (1 + x * sigmoid(-x));
            case QUICK_GELU -> sigmoid(1.702 * x) * (1 + 1.702 * x * sigmoid(-1.702 * x));
            case GELU -> normal(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            case GELU_TANH -> {
                double u = 2 * tanhArgument(x);
                double du = 2 * SQRT_2_OVER_PI * (1 + 3 * 0.044715 * x * x);
                yield sigmoid(u) * (1 + x * du * sigmoid(-u));
            }
            case RELU -> x > 0 ? 1 : 0;
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** ½(1 + tanh u) is sigmoid(2u); this is u. */
    private static double tanhArgument(double x) {
        return SQRT_2_OVER_PI * (x + 0.044715 * x * x * x);
    }

    /** Φ(x) = ½(1 + erf(x / √2)). */
    private static double normal(double x) {
        return 0.5 * (1 + erf(x / Math.sqrt(2)));
    }

    /** Abramowitz and Stegun 7.1.6: every term is positive, so nothing cancels. */
    private static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
