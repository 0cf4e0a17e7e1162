package io.orrery.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.train.Schedule.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
    /** Values of transformers 5's get_constant, linear, cosine and cosine_with_min_lr schedules, 2 warm-up steps of 6. */
    @ParameterizedTest
    @CsvSource({
        "CONSTANT, 0 0.5 1 1 1 1",
        "LINEAR, 0 0.5 1 0.75 0.5 0.25",
        "COSINE, 0 0.5 1 0.8535533905932737 0.5 0.14644660940672627",
        "COSINE_WITH_MIN_LR, 0 0.5 1 0.8681980515339464 0.55 0.23180194846605365"
    })
    void factorsAreThoseOfTransformers(Shape shape, String factors) {
        Schedule schedule = new Schedule(shape, 2, 6, 0.1);
        double[] wanted = Arrays.stream(factors.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        double[] found = IntStream.range(0, 6).mapToDouble(schedule::factor).toArray();
        assertThat(found).containsExactly(wanted, Offset.offset(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void withoutWarmupTheFirstStepIsAtThePeak(Shape shape) {
        assertThat(new Schedule(shape, 0, 5, 0.1).factor(0)).isEqualTo(1);
    }

    @Test
    void decaysStayAtTheirEndAfterTheLastStep() {
        assertThat(new Schedule(Shape.LINEAR, 0, 5, 0).factor(7)).isZero();
        assertThat(new Schedule(Shape.COSINE_WITH_MIN_LR, 0, 5, 0.25).factor(9)).isEqualTo(0.25);
    }

    @Test
    void nonsenseIsRefusedByItsNumbers() {
        assertThatThrownBy(() -> new Schedule(Shape.LINEAR, -1, 0, 2)).hasMessageContaining("warmupSteps (-1)");
    }
}
