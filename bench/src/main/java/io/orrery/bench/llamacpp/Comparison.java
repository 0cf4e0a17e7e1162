package io.orrery.bench.llamacpp;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Tokens a second of one test, ours and llama.cpp's in turns.
 *
 * @param test {@code pp512} or {@code tg128}
 * @param theirs none where llama.cpp cannot run the model
 * @param bar our median over theirs, at least
 * @param enough our median where that is enough whatever theirs is; infinity where nothing is
 */
record Comparison(String type, String test, double[] ours, double[] theirs, double bar, double enough) {
    static final List<String> HEADINGS = List.of(
            "type", "test", "ours, t/s", "llama.cpp, t/s", "ratio", "bar", "or t/s", "", "ours, all", "llama.cpp, all");

    /** Not a number where there is nothing to compare with. */
    double ratio() {
        return theirs.length == 0 ? Double.NaN : median(ours) / median(theirs);
    }

    boolean isUnderItsBar() {
        return ratio() < bar && median(ours) < enough;
    }

    /** In the order of {@link #HEADINGS}. */
    List<String> cells() {
        boolean isCompared = theirs.length > 0;
        return List.of(
                type,
                test,
                number(median(ours)),
                isCompared ? number(median(theirs)) : "-",
                isCompared ? number(ratio()) : "-",
                number(bar),
                Double.isInfinite(enough) ? "-" : number(enough),
                isUnderItsBar() ? "UNDER ITS BAR" : isCompared ? "ok" : "not compared",
                all(ours),
                all(theirs));
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String all(double[] values) {
        return String.join(
                " ", Arrays.stream(values).mapToObj(Comparison::number).toList());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }
}
