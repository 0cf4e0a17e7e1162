package io.orrery.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values worked out by hand or by another formula, so that the oracle itself is held to something. */
class ScalarOpsTest {
    private final ScalarOps ops = new ScalarOps();

    @AfterEach
    void close() {
        ops.close();
    }

    @Test
    void linearMultipliesByTheTransposedWeight() {
        Tensor x = ops.upload(new float[] {1, 2, 3, 4}, 2, 2);
        Tensor w = ops.upload(new float[] {1, 0, 0, 1, 1, 1}, 3, 2);
        Tensor b = ops.upload(new float[] {10, 20, 30}, 3);
        Tensor y = ops.persistent(2, 3);
        ops.linear(y, x, w, b);
        assertThat(ops.read(y)).containsExactly(11, 22, 33, 13, 24, 37);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0"})
    void packedWeightsKeepTheirValues(DType dtype) {
        float[] values = new float[64];
        for (int i = 0; i < 64; i++) {
            values[i] = i - 31;
        }
        values[0] = 127;
        values[32] = -127;
        Tensor w = packed(dtype, values, 2, 32);
        assertThat(ops.read(w)).containsExactly(values);
        Tensor x = ops.persistent(1, 32);
        ops.write(x, basis(32, 5));
        Tensor y = ops.persistent(1, 2);
        ops.linear(y, x, w, null);
        assertThat(ops.read(y)).containsExactly(values[5], values[37]);
        Tensor row = ops.persistent(1, 32);
        ops.gather(row, w, new int[] {1});
        assertThat(row.at(0)).isEqualTo(-127);
    }

    @Test
    void normsScaleToUnitSize() {
        Tensor x = ops.upload(new float[] {3, 4, 1, 1}, 1, 4);
        Tensor y = ops.persistent(1, 4);
        ops.rmsNorm(y, x, ops.upload(new float[] {1, 2}, 2), 0, 0);
        float rms = (float) Math.sqrt(12.5);
        assertThat(ops.read(y)).containsExactly(new float[] {3 / rms, 8 / rms, 1, 2}, within(1e-6f));
        ops.layerNorm(y, x, ops.upload(new float[] {1, 2}, 2), ops.upload(new float[] {0, 10}, 2), 1e-12f);
        assertThat(ops.read(y)).containsExactly(new float[] {-1, 12, 0, 10}, within(1e-6f));
    }

    @Test
    void ropeTurnsAQuarter() {
        Tensor angles = ops.upload(new float[] {0, 1}, 1, 2);
        Tensor x = ops.upload(new float[] {1, 2, 9, 3, 4, 8}, 1, 6);
        ops.rope(x, x, angles, 3, 1);
        assertThat(ops.read(x)).containsExactly(-2, 1, 9, -4, 3, 8);
    }

    @Test
    void anglesAreCosinesThenSines() {
        Tensor angles = ops.persistent(2, 4);
        ops.ropeAngles(angles, new int[] {0, 3}, new float[] {1, 0.5f}, 2);
        assertThat(ops.read(angles))
                .containsExactly(
                        new float[] {
                            2,
                            2,
                            0,
                            0,
                            (float) (2 * Math.cos(3)),
                            (float) (2 * Math.cos(1.5)),
                            (float) (2 * Math.sin(3)),
                            (float) (2 * Math.sin(1.5))
                        },
                        within(1e-6f));
    }

    @Test
    void attentionOfEqualScoresIsTheMeanOfWhatIsSeen() {
        Tensor q = ops.persistent(3, 2);
        Tensor k = ops.upload(new float[] {5, 6, 7}, 3, 1);
        Tensor v = ops.upload(new float[] {1, 2, 6}, 3, 1);
        Tensor y = ops.persistent(3, 2);
        ops.attention(y, q, k, v, Batch.packed(3), new AttentionShape(2, 1, 1, 1, true, 0));
        assertThat(ops.read(y)).containsExactly(1, 1, 1.5f, 1.5f, 3, 3);
        ops.attention(y, q, k, v, Batch.packed(3), new AttentionShape(2, 1, 1, 1, true, 2));
        assertThat(ops.read(y)).containsExactly(1, 1, 1.5f, 1.5f, 4, 4);
        ops.attention(y, q, k, v, Batch.packed(3), new AttentionShape(2, 1, 1, 1, false, 0));
        assertThat(ops.read(y)).containsExactly(3, 3, 3, 3, 3, 3);
    }

    @Test
    void attentionProbabilitiesAreTheSoftmaxOfWhatIsSeen() {
        Tensor q = ops.upload(new float[] {1, 1}, 2, 1);
        Tensor k = ops.upload(new float[] {0, (float) Math.log(3)}, 2, 1);
        Tensor p = ops.persistent(2, 2);
        ops.attentionProbabilities(p, q, k, Batch.packed(2), 0, new AttentionShape(1, 1, 1, 1, true, 0));
        assertThat(ops.read(p)).containsExactly(new float[] {1, 0, 0.25f, 0.75f}, within(1e-6f));
    }

    @ParameterizedTest
    @EnumSource
    void activationsHaveTheirPublishedValuesAtOne(Activation activation) {
        double expected = switch (activation) {
            case SILU -> 0.7310585786;
            case GELU -> 0.8413447461;
            case GELU_TANH -> 0.8411919906;
            case QUICK_GELU -> 0.8457957660;
            case RELU -> 1;
        };
        assertThat(ScalarActivation.value(activation, 1)).isCloseTo(expected, within(1e-9));
        assertThat(ScalarActivation.value(activation, -40)).isCloseTo(0, within(1e-12));
        assertThat(ScalarActivation.value(activation, 40)).isCloseTo(40, within(1e-12));
    }

    @Test
    void crossEntropyOfEqualLogitsIsTheLogOfTheClasses() {
        Tensor losses = ops.persistent(2);
        Tensor dLogits = ops.upload(new float[] {9, 9, 9, 9, 9, 9, 9, 9}, 2, 4);
        ops.crossEntropy(losses, dLogits, ops.persistent(2, 4), new int[] {1, Ops.IGNORED}, 2);
        assertThat(ops.read(losses)).containsExactly(new float[] {(float) Math.log(4), 0}, within(1e-6f));
        assertThat(ops.read(dLogits)).containsExactly(0.5f, -1.5f, 0.5f, 0.5f, 0, 0, 0, 0);
    }

    @Test
    void firstAdamWStepMovesByTheLearningRateAgainstTheSign() {
        Tensor w = ops.upload(new float[] {1, -1}, 2);
        Tensor m = ops.persistent(2);
        Tensor v = ops.persistent(2);
        AdamWStep step = new AdamWStep(1, 0.1, 0.9, 0.999, 0, 0.5, 0.25);
        ops.adamW(w, ops.upload(new float[] {8, -4}, 2), m, v, step);
        assertThat(ops.read(w)).containsExactly(new float[] {0.85f, -0.85f}, within(1e-6f));
        assertThat(ops.read(m)).containsExactly(new float[] {0.2f, -0.1f}, within(1e-6f));
        assertThat(ops.read(v)).containsExactly(new float[] {4e-3f, 1e-3f}, within(1e-6f));
    }

    @Test
    void storeReplacesAndScatterAdds() {
        Tensor y = ops.upload(new float[] {1, 2, 3}, 3, 1);
        ops.store(y, ops.upload(new float[] {7, 8}, 2, 1), new int[] {2, 0});
        assertThat(ops.read(y)).containsExactly(8, 2, 7);
        ops.scatterAdd(y, ops.upload(new float[] {1, 1}, 2, 1), new int[] {1, 1});
        assertThat(ops.read(y)).containsExactly(8, 4, 7);
    }

    @Test
    void argumentsThatDoNotFitAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.linear(ops.persistent(2, 3), ops.persistent(2, 4), ops.persistent(3, 5), null))
                .withMessage("linear: x F32[2, 4], w F32[3, 5], b null and y F32[2, 3] do not fit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.gather(ops.persistent(1, 2), ops.persistent(4, 2), new int[] {4}))
                .withMessage("row 4 is not within 0..3");
    }

    private static float[] basis(int length, int at) {
        float[] values = new float[length];
        values[at] = 1;
        return values;
    }

    private Tensor packed(DType dtype, float[] values, long rows, long cols) {
        try (Arena arena = Arena.ofConfined()) {
            HostMemory memory = new HostMemory(arena.allocate(dtype.bytes(values.length)));
            BlockFormat.of(dtype).quantize(values, 0, memory.segment(), 0, values.length);
            return ops.pack(new Tensor(dtype, Shape.of(rows, cols), memory));
        }
    }
}
