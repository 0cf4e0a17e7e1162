package io.orrery.engine.ops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.orrery.engine.ops.Activation;
import io.orrery.engine.ops.AdamWStep;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Everything but projections and attention, at awkward sizes. */
public abstract class OpsContract {
    private static final int[] WIDTHS = {1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 63, 64, 65, 127, 130, 257, 1000};
    private static final int[] ROWS = {1, 2, 33, 70};

    @Parameter
    protected Backend backend;

    private Ops ops;
    private final Ops oracle = new ScalarOps();

    @BeforeEach
    void open() {
        ops = backend.open();
    }

    @AfterEach
    void close() {
        ops.close();
        oracle.close();
    }

    @Test
    void columnsAreCutAndTheirGradientsAdded() {
        Tensor x = ops.upload(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 4);
        Tensor y = ops.persistent(2, 2);
        ops.columns(y, x, 1);
        assertThat(ops.read(y)).containsExactly(2, 3, 6, 7);
        ops.columnsBackward(x, y, 2);
        assertThat(ops.read(x)).containsExactly(1, 2, 5, 7, 5, 6, 13, 15);
        assertThatIllegalArgumentException().isThrownBy(() -> ops.columns(y, x, 3));
    }

    @Test
    void columnsOfEveryWidthAgree() {
        for (int width : WIDTHS) {
            for (int rows : ROWS) {
                Sample.assertAgree(ops, oracle, 3e-5, rows + " rows of " + width, (on, sample) -> {
                    Tensor x = sample.gaussian(rows, width + 5L);
                    Tensor cut = sample.dirty(rows, width);
                    on.columns(cut, x, 3);
                    Tensor dx = sample.gaussian(rows, width + 5L);
                    on.columnsBackward(dx, cut, 5);
                    Tensor w = sample.gaussian(width);
                    Tensor y = sample.dirty(rows, width);
                    on.scaleColumns(y, cut, w);
                    Tensor dy = sample.gaussian(rows, width);
                    Tensor dCut = sample.gaussian(rows, width);
                    Tensor dw = sample.gaussian(width);
                    on.scaleColumnsBackward(dCut, dw, dy, cut, w);
                    on.scaleColumnsBackward(dCut, null, dy, cut, w);
                    on.scaleColumnsBackward(null, dw, dy, cut, w);
                    on.scaleColumns(cut, cut, w);
                    return new Tensor[] {cut, dx, y, dCut, dw};
                });
            }
        }
    }

    @Test
    void rowsAreGatheredStoredAndScattered() {
        for (int width : new int[] {1, 7, 32, 130}) {
            Sample.assertAgree(ops, oracle, 1e-6, "width " + width, (on, sample) -> {
                Tensor table = sample.gaussian(11, width);
                int[] rows = sample.ints(40, 11);
                Tensor y = sample.dirty(40, width);
                on.gather(y, table, rows);
                on.scatterAdd(table, sample.gaussian(40, width), rows);
                on.store(table, sample.gaussian(3, width), new int[] {10, 0, 4});
                Tensor copy = sample.dirty(11, width);
                on.copy(copy, table);
                on.zero(y.rows(3, 5));
                return new Tensor[] {y, table, copy};
            });
        }
        for (DType dtype : new DType[] {DType.F16, DType.BF16, DType.Q8_0}) {
            Sample.assertAgree(ops, oracle, 0, dtype.name(), (on, sample) -> {
                Tensor y = sample.dirty(5, 64);
                on.gather(y, sample.packed(dtype, 9, 64), sample.ints(5, 9));
                return new Tensor[] {y};
            });
        }
    }

    @Test
    void memoryIsGivenBackOnce() {
        Tensor kept = ops.upload(new float[] {1, 2, 3}, 3);
        Tensor packed = ops.pack(Tensor.of(new float[3 * 64], 3, 64));
        ops.free(packed);
        assertThatIllegalArgumentException().isThrownBy(() -> ops.free(packed));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.free(ops.workspace().empty(3)));
        assertThat(ops.read(kept)).containsExactly(1, 2, 3);
        ops.free(kept);
    }

    @Test
    void rmsNormAgrees() {
        for (int width : WIDTHS) {
            for (int rows : ROWS) {
                Sample.assertAgree(ops, oracle, 3e-5, rows + " rows of " + width, (on, sample) -> {
                    Tensor x = sample.gaussian(rows, 3L * width);
                    Tensor w = sample.gaussian(width);
                    Tensor y = sample.dirty(rows, 3L * width);
                    on.rmsNorm(y, x, w, 1e-3f, 1);
                    Tensor dx = sample.gaussian(rows, 3L * width);
                    Tensor dw = sample.gaussian(width);
                    on.rmsNormBackward(dx, dw, y, x, w, 1e-3f, 1);
                    on.rmsNormBackward(null, dw, y, x, w, 1e-3f, 0);
                    on.rmsNormBackward(dx, null, y, x, w, 1e-3f, 0);
                    return new Tensor[] {y, dx, dw};
                });
            }
        }
    }

    @Test
    void layerNormAgrees() {
        for (int width : WIDTHS) {
            if (width == 1) {
                continue;
            }
            for (int rows : ROWS) {
                Sample.assertAgree(ops, oracle, 1e-4, rows + " rows of " + width, (on, sample) -> {
                    Tensor x = sample.gaussian(rows, width);
                    Tensor w = sample.gaussian(width);
                    Tensor y = sample.dirty(rows, width);
                    on.layerNorm(y, x, w, sample.gaussian(width), 0.1f);
                    Tensor dx = sample.gaussian(rows, width);
                    Tensor dw = sample.gaussian(width);
                    Tensor db = sample.gaussian(width);
                    on.layerNormBackward(dx, dw, db, y, x, w, 0.1f);
                    on.layerNormBackward(null, null, db, y, x, w, 0.1f);
                    on.layerNormBackward(dx, null, null, y, x, w, 0.1f);
                    return new Tensor[] {y, dx, dw, db};
                });
            }
        }
    }

    @Test
    void ropeAgrees() {
        for (int pairs : new int[] {1, 4, 9, 16, 32, 40}) {
            for (int rest : new int[] {0, 3}) {
                Sample.assertAgree(ops, oracle, 1e-6, pairs + " pairs and " + rest, (on, sample) -> {
                    int headDim = 2 * pairs + rest;
                    float[] frequencies = new float[pairs];
                    for (int i = 0; i < pairs; i++) {
                        frequencies[i] = (float) Math.pow(10000, -(double) i / pairs);
                    }
                    Tensor angles = sample.dirty(37, 2L * pairs);
                    on.ropeAngles(angles, sample.ints(37, 5000), frequencies, 0.75f);
                    Tensor x = sample.gaussian(37, 3L * headDim);
                    Tensor y = sample.dirty(37, 3L * headDim);
                    on.rope(y, x, angles, headDim, 1);
                    Tensor dx = sample.gaussian(37, 3L * headDim);
                    on.rope(dx, y, angles, headDim, -1);
                    on.rope(x, x, angles, headDim, 1);
                    return new Tensor[] {angles, y, dx, x};
                });
            }
        }
    }

    @Test
    void activationsAgree() {
        for (Activation activation : Activation.values()) {
            for (int width : new int[] {1, 15, 33, 5000}) {
                Sample.assertAgree(ops, oracle, 6e-6, activation + " " + width, (on, sample) -> {
                    Tensor gate = sample.gaussian(width);
                    on.add(gate, sample.gaussian(width), 3);
                    Tensor up = sample.gaussian(width);
                    Tensor y = sample.dirty(width);
                    Tensor plain = sample.dirty(width);
                    on.activate(y, gate, up, activation);
                    on.activate(plain, gate, null, activation);
                    Tensor dGate = sample.gaussian(width);
                    Tensor dUp = sample.gaussian(width);
                    Tensor dPlain = sample.gaussian(width);
                    on.activateBackward(dGate, dUp, up, gate, up, activation);
                    on.activateBackward(null, dUp, up, gate, up, activation);
                    on.activateBackward(dPlain, null, up, gate, null, activation);
                    return new Tensor[] {y, plain, dGate, dUp, dPlain};
                });
            }
        }
    }

    @Test
    void activationsOfExtremesAreFinite() {
        float[] extremes = {-1e30f, -1000, -88, -20, -0f, 0, 20, 88, 1000, 1e30f};
        for (Activation activation : Activation.values()) {
            Tensor y = ops.persistent(extremes.length);
            Tensor x = ops.upload(extremes, extremes.length);
            ops.activate(y, x, null, activation);
            float[] values = ops.read(y);
            for (int i = 0; i < extremes.length; i++) {
                float want = extremes[i] < -19 ? 0 : Math.max(0, extremes[i]);
                assertThat(values[i]).as("%s of %s", activation, extremes[i]).isCloseTo(want, within(1e-5f));
            }
        }
    }

    @Test
    void crossEntropyAgrees() {
        for (int width : WIDTHS) {
            Sample.assertAgree(ops, oracle, 2e-6, "classes " + width, (on, sample) -> {
                Tensor logits = sample.gaussian(19, width);
                on.add(logits, sample.gaussian(19, width), 2);
                int[] targets = sample.ints(19, width);
                targets[3] = Ops.IGNORED;
                Tensor losses = sample.dirty(19);
                Tensor lossesAlone = sample.dirty(19);
                Tensor dLogits = sample.dirty(19, width);
                on.crossEntropy(losses, dLogits, logits, targets, 0.5f);
                on.crossEntropy(lossesAlone, null, logits, targets, 0.5f);
                on.crossEntropy(lossesAlone, logits, logits, targets, 0.5f);
                return new Tensor[] {losses, lossesAlone, dLogits, logits};
            });
        }
    }

    @Test
    void lossOfBrokenLogitsIsNotANumber() {
        Tensor logits = ops.upload(new float[] {1, Float.NaN, 2, 0, 0, 0}, 2, 3);
        Tensor losses = ops.persistent(2);
        ops.crossEntropy(losses, null, logits, new int[] {0, 0}, 1);
        assertThat(ops.read(losses)[0]).isNaN();
        assertThat(ops.read(losses)[1]).isCloseTo((float) Math.log(3), within(1e-6f));
    }

    @Test
    void lossOfGreatLogitsIsFinite() {
        Tensor logits = ops.upload(new float[] {1000, 990, -1000, -3e4f, -3e4f, -3.1e4f}, 2, 3);
        Tensor losses = ops.persistent(2);
        ops.crossEntropy(losses, logits, logits, new int[] {1, 0}, 1);
        float share = (float) (1 / (1 + Math.exp(10)));
        assertThat(ops.read(losses)).containsExactly(new float[] {10 + share, (float) Math.log(2)}, within(1e-5f));
        assertThat(ops.read(logits))
                .containsExactly(new float[] {1 - share, share - 1, 0, -0.5f, 0.5f, 0}, within(1e-6f));
    }

    @Test
    void adamWAgrees() {
        for (int width : new int[] {1, 17, 4096, 9001}) {
            Sample.assertAgree(ops, oracle, 3e-6, "width " + width, (on, sample) -> {
                Tensor w = sample.gaussian(width);
                Tensor m = on.persistent(width);
                Tensor v = on.persistent(width);
                for (int step = 1; step <= 3; step++) {
                    Tensor dw = sample.gaussian(width);
                    on.adamW(w, dw, m, v, new AdamWStep(step, 1e-2, 0.9, 0.95, 1e-8, 0.1, 0.5));
                }
                return new Tensor[] {w, m, v};
            });
        }
    }

    @Test
    void sumOfSquaresIsExactToDouble() {
        for (int width : new int[] {1, 15, 4097, 20_000}) {
            float[] values = Sample.run(oracle, 8, (on, sample) -> new Tensor[] {sample.gaussian(width)})[0];
            double want = 0;
            for (float value : values) {
                want += (double) value * value;
            }
            assertThat(ops.sumOfSquares(ops.upload(values, width))).isCloseTo(want, within(1e-12 * want));
        }
    }

    @Test
    void rowsDoNotDependOnTheirNeighbours() {
        Sample.run(ops, 3, (on, sample) -> {
            Tensor x = sample.gaussian(70, 90);
            Tensor w = sample.gaussian(45);
            Tensor y = sample.dirty(70, 90);
            Tensor losses = sample.dirty(70);
            Tensor dLogits = sample.dirty(70, 90);
            int[] targets = sample.ints(70, 90);
            on.rmsNorm(y, x, w, 1e-5f, 0);
            on.crossEntropy(losses, dLogits, x, targets, 1);
            for (int row = 0; row < 70; row++) {
                Tensor one = sample.dirty(1, 90);
                on.rmsNorm(one, x.rows(row, row + 1), w, 1e-5f, 0);
                assertThat(on.read(one)).containsExactly(on.read(y.rows(row, row + 1)));
                Tensor loss = sample.dirty(1);
                on.crossEntropy(loss, one, x.rows(row, row + 1), new int[] {targets[row]}, 1);
                assertThat(on.read(loss)[0]).isEqualTo(on.read(losses)[row]);
                assertThat(on.read(one)).containsExactly(on.read(dLogits.rows(row, row + 1)));
            }
            return new Tensor[] {y};
        });
    }

    @Test
    void threadsDoNotChangeABit() {
        try (Ops alone = backend.withThreads(1).open();
                Ops four = backend.withThreads(4).open()) {
            Sample.Computation all = (on, sample) -> {
                Tensor x = sample.gaussian(301, 40);
                Tensor w = sample.gaussian(20);
                Tensor dy = sample.gaussian(301, 40);
                Tensor dx = sample.gaussian(301, 40);
                Tensor dw = sample.gaussian(20);
                on.rmsNormBackward(dx, dw, dy, x, w, 1e-5f, 0);
                on.layerNormBackward(dx, dw, dw, dy, x, w, 1e-5f);
                on.scatterAdd(x, dy, sample.ints(301, 5));
                return new Tensor[] {dx, dw, x, on.upload(new float[] {(float) on.sumOfSquares(dx)}, 1)};
            };
            assertThat(Sample.run(four, 9, all)).isDeepEqualTo(Sample.run(alone, 9, all));
        }
    }

    @Test
    void argumentsThatDoNotFitAreRefusedBeforeMemoryIsTouched() {
        Tensor small = ops.persistent(2, 3);
        Tensor large = ops.persistent(5, 8);
        assertThatIllegalArgumentException().isThrownBy(() -> ops.add(small, large, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ops.linear(small, large, large, null));
        assertThatIllegalArgumentException().isThrownBy(() -> ops.scatterAdd(small, large, new int[] {0, 1, 2, 3, 4}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.crossEntropy(ops.persistent(2), null, small, new int[] {0, 3}, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ops.rope(large, large, small, 4, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ops.rmsNorm(large, large, ops.persistent(3), 1, 0));
    }
}
