package io.orrery.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RateTest {
    private static final long SECOND = 1_000_000_000;

    private final Rate rate = new Rate();

    @Test
    void itIsThatOfTheLastSeconds() {
        assertThat(rate.perSecond(0, 1_000_000)).isEmpty();
        OptionalDouble fast = rate.perSecond(2 * SECOND, 3_000_000);
        assertThat(fast).hasValue(1_000_000);
        for (int second = 3; second < 30; second++) {
            rate.perSecond(second * SECOND, 3_000_000);
        }
        assertThat(rate.perSecond(30 * SECOND, 3_000_000)).hasValue(0);
    }

    @Test
    void whatStartsAnewHasNoRateYet() {
        rate.perSecond(0, 5_000);
        assertThat(rate.perSecond(2 * SECOND, 0)).isEmpty();
        assertThat(rate.perSecond(4 * SECOND, 100)).hasValue(50);
    }
}
