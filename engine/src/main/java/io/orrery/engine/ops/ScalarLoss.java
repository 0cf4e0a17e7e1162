package io.orrery.engine.ops;

import static io.orrery.engine.ops.Elements.set;

import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Cross-entropy against one right class a row, and its gradient: softmax less the one-hot target. */
final class ScalarLoss {
    private ScalarLoss() {}

    static void crossEntropy(
            Tensor losses, @Nullable Tensor dLogits, Tensor logits, int[] targets, float gradientScale) {
        float[] row = new float[logits.cols()];
        for (int t = 0; t < targets.length; t++) {
            Elements.row(logits, t, row);
            boolean ignored = targets[t] == Ops.IGNORED;
            double logSum = logSumExp(row);
            set(losses.segment(), t, ignored ? 0 : logSum - row[targets[t]]);
            for (int c = 0; dLogits != null && c < row.length; c++) {
                double slope = ignored ? 0 : Math.exp(row[c] - logSum) - (c == targets[t] ? 1 : 0);
                set(dLogits.segment(), (long) t * row.length + c, gradientScale * slope);
            }
        }
    }

    private static double logSumExp(float[] row) {
        double max = Double.NEGATIVE_INFINITY;
        for (float value : row) {
            max = Math.max(max, value);
        }
        double sum = 0;
        for (float value : row) {
            sum += Math.exp(value - max);
        }
        return max + Math.log(sum);
    }
}
