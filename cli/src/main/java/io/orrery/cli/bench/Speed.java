package io.orrery.cli.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * A test's repetitions.
 *
 * @param test {@code pp512} or {@code tg128}
 * @param tokens of one repetition
 * @param nanos of each repetition
 */
record Speed(String test, int tokens, long[] nanos) {
    double[] tokensPerSecond() {
        return Arrays.stream(nanos).mapToDouble(time -> tokens * 1e9 / time).toArray();
    }

    static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Of a sample, as llama-bench computes it (llama.cpp tools/llama-bench/llama-bench.cpp, {@code stdev}); 0 for one value. */
    static double deviation(double[] values) {
        if (values.length < 2) {
            return 0;
        }
        double mean = mean(values);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.length - 1));
    }

    /** Mean and deviation in tokens a second. */
    String text() {
        double[] speeds = tokensPerSecond();
        return String.format(Locale.ROOT, "%.2f ± %.2f", mean(speeds), deviation(speeds));
    }
}
