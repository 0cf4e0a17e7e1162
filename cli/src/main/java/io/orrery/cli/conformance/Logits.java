package io.orrery.cli.conformance;

/** What follows from logits, [T, vocabSize] row by row, computed in double. */
final class Logits {
    private Logits() {}

    /** Natural log-probability of each token but the first, given those before it, [T - 1]. */
    static float[] logProbabilities(float[] logits, int[] ids) {
        int vocabSize = logits.length / ids.length;
        float[] result = new float[ids.length - 1];
        for (int t = 0; t < result.length; t++) {
            double most = Double.NEGATIVE_INFINITY;
            for (int v = 0; v < vocabSize; v++) {
                most = Math.max(most, logits[t * vocabSize + v]);
            }
            double sum = 0;
            for (int v = 0; v < vocabSize; v++) {
                sum += Math.exp(logits[t * vocabSize + v] - most);
            }
            result[t] = (float) (logits[t * vocabSize + ids[t + 1]] - most - Math.log(sum));
        }
        return result;
    }

    static double standardDeviation(float[] values) {
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        double mean = sum / values.length;
        return Math.sqrt((squares / values.length - mean * mean) * values.length / (values.length - 1));
    }

    /** Over all rows, the least by which the largest logit leads. */
    static double leastMargin(float[] logits, int rows) {
        int vocabSize = logits.length / rows;
        double least = Double.POSITIVE_INFINITY;
        for (int t = 0; t < rows; t++) {
            int best = argmax(logits, t * vocabSize, vocabSize);
            double second = Double.NEGATIVE_INFINITY;
            for (int v = 0; v < vocabSize; v++) {
                if (v != best) {
                    second = Math.max(second, logits[t * vocabSize + v]);
                }
            }
            least = Math.min(least, logits[t * vocabSize + best] - second);
        }
        return least;
    }

    /** Index of the largest of so many values, the first where several are. */
    static int argmax(float[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (values[from + i] > values[from + best]) {
                best = i;
            }
        }
        return best;
    }
}
