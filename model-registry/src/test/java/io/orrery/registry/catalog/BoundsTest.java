package io.orrery.registry.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.registry.wire.HubProblem;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BoundsTest {
    @Test
    void bothEndsOneEndAndOneNumberAreRead() {
        assertThat(Bounds.parse("n", "min:6B,max:128B")).isEqualTo(bounds(6_000_000_000L, 128_000_000_000L));
        assertThat(Bounds.parse("n", "max:1.5M").max()).hasValue(1_500_000);
        assertThat(Bounds.parse("n", "max:1.5M").min()).isEmpty();
        assertThat(Bounds.parse("n", "min:2k").min()).hasValue(2_000);
        assertThat(Bounds.parse("n", "512")).isEqualTo(bounds(512, 512));
    }

    @Test
    void whatIsNoNumberIsRefusedByName() {
        assertThatThrownBy(() -> Bounds.parse("num_parameters", "min:many"))
                .isInstanceOf(HubProblem.class)
                .hasMessageContaining("num_parameters")
                .hasMessageContaining("'many'");
    }

    private static Bounds bounds(long min, long max) {
        return new Bounds(OptionalLong.of(min), OptionalLong.of(max));
    }
}
