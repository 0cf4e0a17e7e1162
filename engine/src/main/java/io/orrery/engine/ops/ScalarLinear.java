package io.orrery.engine.ops;

import static io.orrery.engine.ops.Elements.add;
import static io.orrery.engine.ops.Elements.get;
import static io.orrery.engine.ops.Elements.set;

import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A projection: the weight's rows are read one at a time, whatever blocks they are stored in. */
final class ScalarLinear {
    private ScalarLinear() {}

    static void linear(Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        float[] inputs = Elements.rows(x);
        float[] weights = new float[w.cols()];
        for (int o = 0; o < w.rows(); o++) {
            Elements.row(w, o, weights);
            double bias = b == null ? 0 : get(b.segment(), o);
            for (int t = 0; t < x.rows(); t++) {
                set(y.segment(), (long) t * w.rows() + o, bias + dot(inputs, t * weights.length, weights));
            }
        }
    }

    private static double dot(float[] x, int from, float[] w) {
        double sum = 0;
        for (int i = 0; i < w.length; i++) {
            sum += (double) x[from + i] * w[i];
        }
        return sum;
    }

    static void backward(@Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w) {
        float[] dOut = Elements.rows(dy);
        if (dx != null) {
            inputs(dx.segment(), dOut, w);
        }
        if (dw != null) {
            weights(dw.segment(), dOut, Elements.rows(x), x.rows(), w);
        }
        if (db != null) {
            for (int o = 0; o < w.rows(); o++) {
                double sum = 0;
                for (int t = 0; t < dy.rows(); t++) {
                    sum += dOut[t * w.rows() + o];
                }
                add(db.segment(), o, sum);
            }
        }
    }

    private static void inputs(MemorySegment dx, float[] dOut, Tensor w) {
        int outs = w.rows();
        int ins = w.cols();
        float[] weights = Elements.rows(w);
        double[] sums = new double[ins];
        for (int t = 0; t < dOut.length / outs; t++) {
            Arrays.fill(sums, 0);
            for (int o = 0; o < outs; o++) {
                for (int i = 0; i < ins; i++) {
                    sums[i] += (double) dOut[t * outs + o] * weights[o * ins + i];
                }
            }
            for (int i = 0; i < ins; i++) {
                add(dx, (long) t * ins + i, sums[i]);
            }
        }
    }

    private static void weights(MemorySegment dw, float[] dOut, float[] inputs, int tokens, Tensor w) {
        int outs = w.rows();
        int ins = w.cols();
        double[] sums = new double[ins];
        for (int o = 0; o < outs; o++) {
            Arrays.fill(sums, 0);
            for (int t = 0; t < tokens; t++) {
                for (int i = 0; i < ins; i++) {
                    sums[i] += (double) dOut[t * outs + o] * inputs[t * ins + i];
                }
            }
            for (int i = 0; i < ins; i++) {
                add(dw, (long) o * ins + i, sums[i]);
            }
        }
    }
}
