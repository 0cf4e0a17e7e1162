package io.orrery.bench.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static Comparison of(double[] ours, double[] theirs, double enough) {
        return new Comparison("q8_0", "tg128", ours, theirs, 1.3, enough);
    }

    @Test
    void mediansAreComparedWhateverSingleRunsDo() {
        Comparison comparison =
                of(new double[] {1, 130, 999}, new double[] {100, 100.1, 2, 99.9, 500}, Double.POSITIVE_INFINITY);
        assertThat(comparison.ratio()).isEqualTo(1.3);
        assertThat(comparison.isUnderItsBar()).isFalse();
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertThat(Comparison.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
    }

    @Test
    void whoIsUnderTheRatioIsUnderTheBarUnlessMemoryAllowsNoMore() {
        double[] ours = {40};
        double[] theirs = {39};
        assertThat(of(ours, theirs, Double.POSITIVE_INFINITY).isUnderItsBar()).isTrue();
        assertThat(of(ours, theirs, 40.1).isUnderItsBar()).isTrue();
        assertThat(of(ours, theirs, 39.9).isUnderItsBar()).isFalse();
    }

    @Test
    void whatLlamaCppCannotRunIsReportedAndNotFailed() {
        Comparison comparison = of(new double[] {40}, new double[0], 100);
        assertThat(comparison.isUnderItsBar()).isFalse();
        assertThat(comparison.cells()).contains("not compared").hasSize(Comparison.HEADINGS.size());
    }
}
