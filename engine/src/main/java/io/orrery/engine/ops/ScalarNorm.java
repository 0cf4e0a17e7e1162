package io.orrery.engine.ops;

import static io.orrery.engine.ops.Elements.add;
import static io.orrery.engine.ops.Elements.get;
import static io.orrery.engine.ops.Elements.set;

import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** RMSNorm (Zhang and Sennrich 2019, equation 4) and LayerNorm (Ba et al. 2016, equation 4), over groups of w's width. */
final class ScalarNorm {
    private ScalarNorm() {}

    static void rms(Tensor y, Tensor x, Tensor w, float eps, float offset) {
        float[] in = Elements.rows(x);
        float[] weights = Elements.rows(w);
        for (int start = 0; start < in.length; start += weights.length) {
            double inverse = inverseRms(in, start, weights.length, eps);
            for (int i = 0; i < weights.length; i++) {
                set(y.segment(), start + i, in[start + i] * inverse * ((double) weights[i] + offset));
            }
        }
    }

    static void rmsBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, Tensor dy, Tensor x, Tensor w, float eps, float offset) {
        float[] in = Elements.rows(x);
        float[] dOut = Elements.rows(dy);
        float[] weights = Elements.rows(w);
        int n = weights.length;
        double[] dWeights = new double[n];
        for (int start = 0; start < in.length; start += n) {
            double inverse = inverseRms(in, start, n, eps);
            double dot = 0;
            for (int i = 0; i < n; i++) {
                dot += dOut[start + i] * ((double) weights[i] + offset) * in[start + i] * inverse;
                dWeights[i] += dOut[start + i] * in[start + i] * inverse;
            }
            for (int i = 0; dx != null && i < n; i++) {
                double g = dOut[start + i] * ((double) weights[i] + offset);
                add(dx.segment(), start + i, inverse * (g - in[start + i] * inverse * dot / n));
            }
        }
        addAll(dw, dWeights);
    }

    private static double inverseRms(float[] x, int start, int n, double eps) {
        double squares = 0;
        for (int i = 0; i < n; i++) {
            squares += (double) x[start + i] * x[start + i];
        }
        return 1 / Math.sqrt(squares / n + eps);
    }

    static void layer(Tensor y, Tensor x, Tensor w, Tensor b, float eps) {
        float[] in = Elements.rows(x);
        float[] weights = Elements.rows(w);
        int n = weights.length;
        for (int start = 0; start < in.length; start += n) {
            double mean = mean(in, start, n);
            double inverse = inverseDeviation(in, start, n, mean, eps);
            for (int i = 0; i < n; i++) {
                set(y.segment(), start + i, (in[start + i] - mean) * inverse * weights[i] + get(b.segment(), i));
            }
        }
    }

    static void layerBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w, float eps) {
        float[] in = Elements.rows(x);
        float[] dOut = Elements.rows(dy);
        float[] weights = Elements.rows(w);
        int n = weights.length;
        double[] dWeights = new double[n];
        double[] dBias = new double[n];
        for (int start = 0; start < in.length; start += n) {
            double mean = mean(in, start, n);
            double inverse = inverseDeviation(in, start, n, mean, eps);
            double sum = 0;
            double dot = 0;
            for (int i = 0; i < n; i++) {
                double normed = (in[start + i] - mean) * inverse;
                sum += (double) dOut[start + i] * weights[i];
                dot += dOut[start + i] * weights[i] * normed;
                dWeights[i] += dOut[start + i] * normed;
                dBias[i] += dOut[start + i];
            }
            for (int i = 0; dx != null && i < n; i++) {
                double normed = (in[start + i] - mean) * inverse;
                double g = (double) dOut[start + i] * weights[i];
                add(dx.segment(), start + i, inverse * (g - sum / n - normed * dot / n));
            }
        }
        addAll(dw, dWeights);
        addAll(db, dBias);
    }

    private static void addAll(@Nullable Tensor gradient, double[] sums) {
        for (int i = 0; gradient != null && i < sums.length; i++) {
            add(gradient.segment(), i, sums[i]);
        }
    }

    private static double mean(float[] x, int start, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[start + i];
        }
        return sum / n;
    }

    private static double inverseDeviation(float[] x, int start, int n, double mean, double eps) {
        double squares = 0;
        for (int i = 0; i < n; i++) {
            squares += (x[start + i] - mean) * (x[start + i] - mean);
        }
        return 1 / Math.sqrt(squares / n + eps);
    }
}
