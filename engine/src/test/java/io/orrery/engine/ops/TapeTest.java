package io.orrery.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TapeTest {
    private final HostWorkspace workspace = new HostWorkspace();

    @AfterEach
    void close() {
        workspace.close();
    }

    @Test
    void stepsRunFromLastToFirstAndOnce() {
        List<String> order = new ArrayList<>();
        Tape tape = Tape.recording(workspace, Map.of());
        tape.record(() -> order.add("first"));
        tape.record(() -> order.add("second"));
        tape.backward();
        tape.backward();
        assertThat(order).containsExactly("second", "first");
    }

    @Test
    void aTapeThatIsOffForgetsAndKeepsNoGradients() {
        Tape tape = Tape.off();
        tape.record(() -> {
            throw new AssertionError("recorded");
        });
        tape.backward();
        assertThat(tape.isRecording()).isFalse();
        assertThatThrownBy(() -> tape.gradient(workspace.zeros(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anActivationsGradientIsZeroAtFirstAndStaysTheSame() {
        Tape tape = Tape.recording(workspace, Map.of());
        Tensor x = workspace.empty(2, 3);
        Tensor gradient = tape.gradient(x);
        assertThat(gradient.rows()).isEqualTo(2);
        assertThat(gradient.at(5)).isZero();
        assertThat(tape.gradient(x)).isSameAs(gradient);
        assertThat(tape.gradient(workspace.empty(2, 3))).isNotSameAs(gradient);
    }

    @Test
    void aSumsAndItsTermsGradientsAreOneHoweverLongTheChain() {
        Tape tape = Tape.recording(workspace, Map.of());
        Tensor h = workspace.empty(2, 3);
        Tensor y = workspace.empty(2, 3);
        Tensor sum = workspace.empty(2, 3);
        Tensor next = workspace.empty(2, 3);
        tape.share(y, h);
        tape.share(sum, h);
        tape.share(next, sum);
        Tensor gradient = tape.gradient(next);
        assertThat(tape.gradient(h)).isSameAs(gradient);
        assertThat(tape.gradient(y)).isSameAs(gradient);
        assertThat(tape.gradient(sum)).isSameAs(gradient);
    }

    @Test
    void aWeightThatIsAbsentIsFrozen() {
        Tensor weight = workspace.zeros(2, 2);
        Tensor gradient = workspace.zeros(2, 2);
        Tape tape = Tape.recording(workspace, Map.of(weight, gradient));
        assertThat(tape.weightGradient(weight)).isSameAs(gradient);
        assertThat(tape.weightGradient(workspace.zeros(2, 2))).isNull();
        assertThat(tape.weightGradient(null)).isNull();
    }
}
