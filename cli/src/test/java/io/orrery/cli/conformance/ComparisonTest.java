package io.orrery.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.tensor.Shape;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Shape SHAPE = Shape.of(2, 2);

    private final Comparison comparison = new Comparison(1e-3, 1e-2);

    @Test
    void theBoundGrowsWithTheWantedValue() {
        float[] want = {0, 1, -10, 100};
        assertThat(comparison.difference(new float[] {0.0009f, 1.0109f, -10.1f, 101}, want, SHAPE))
                .isEmpty();
        assertThat(comparison.difference(new float[] {0.0011f, 1, -10, 100}, want, SHAPE))
                .isPresent();
        assertThat(comparison.difference(new float[] {0, 1, -10, 101.01f}, want, SHAPE))
                .isPresent();
    }

    @Test
    void theElementThatIsFurthestOutIsNamed() {
        assertThat(comparison.difference(new float[] {0.5f, 1, 3, 4}, new float[] {0, 1, 2, 4}, SHAPE))
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("got 3.0, want 2.0, worst element [1, 0] of [2, 2]")
                        .endsWith("2 of 4 out of bounds)"));
    }

    @Test
    void notANumberIsNeverRight() {
        float[] want = {0, 1, 2, 4};
        assertThat(comparison.difference(new float[] {0, Float.NaN, 2, 9}, want, SHAPE))
                .hasValueSatisfying(text -> assertThat(text).startsWith("got NaN, want 1.0"));
        assertThat(comparison.difference(Double.NaN, 1)).isPresent();
    }

    @Test
    void infinitiesAreRightWhereTheyAreWanted() {
        float infinite = Float.POSITIVE_INFINITY;
        assertThat(comparison.difference(new float[] {infinite}, new float[] {infinite}, Shape.of(1)))
                .isEmpty();
        assertThat(comparison.difference(new float[] {1}, new float[] {infinite}, Shape.of(1)))
                .isPresent();
        assertThat(comparison.difference(new float[] {infinite}, new float[] {1}, Shape.of(1)))
                .isPresent();
    }

    @Test
    void anotherNumberOfElementsIsWrong() {
        assertThat(comparison.difference(new float[] {1}, new float[] {1, 2}, Shape.of(2)))
                .hasValue("got 1 values, want 2 of shape [2]");
    }
}
