package io.orrery.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpeedTest {
    @Test
    void meanAndSampleDeviationAreOfTokensASecond() {
        Speed speed = new Speed("pp100", 100, new long[] {1_000_000_000, 500_000_000});
        assertThat(speed.tokensPerSecond()).containsExactly(100, 200);
        assertThat(speed.text()).isEqualTo("150.00 ± 70.71");
    }

    @Test
    void theMedianIsOfTheMiddle() {
        assertThat(Speed.median(new double[] {3, 1, 100})).isEqualTo(3);
        assertThat(Speed.median(new double[] {3, 1, 100, 5})).isEqualTo(4);
    }

    @Test
    void oneRepetitionDeviatesFromNothing() {
        assertThat(new Speed("tg10", 10, new long[] {1_000_000_000}).text()).isEqualTo("10.00 ± 0.00");
    }
}
