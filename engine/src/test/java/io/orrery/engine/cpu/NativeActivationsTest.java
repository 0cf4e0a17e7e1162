package io.orrery.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.orrery.engine.ops.AttentionShape;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.contract.Sample;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast mode: close to the exact one, and as independent of the batch. */
@ParameterizedClass(name = "{0}", allowZeroInvocations = true)
@MethodSource("io.orrery.engine.cpu.CpuBackend#kernels")
class NativeActivationsTest {
    /** Multiplied as whole numbers, by rows of blocks of 32 or 64, and of 256. */
    private static final DType[] SMALL_BLOCKS = {
        DType.Q8_0,
        DType.Q4_0,
        DType.Q4_1,
        DType.Q5_0,
        DType.Q5_1,
        DType.IQ4_NL,
        DType.MXFP4,
        DType.NF4,
        DType.NF4_BF16,
        DType.INT4
    };

    private static final DType[] LARGE_BLOCKS = {DType.Q4_K, DType.Q5_K, DType.Q6_K, DType.IQ4_XS};
    private static final DType[] ALL = Stream.of(SMALL_BLOCKS, LARGE_BLOCKS, new DType[] {DType.BF16})
            .flatMap(Stream::of)
            .toArray(DType[]::new);
    private static final int[][] SMALL_SIZES = {
        {1, 64, 1}, {2, 192, 31}, {3, 64, 5}, {4, 320, 255}, {7, 576, 16}, {12, 128, 33}, {25, 1088, 50}, {300, 64, 17}
    };
    private static final int[][] LARGE_SIZES = {
        {1, 256, 1}, {2, 768, 31}, {3, 256, 255}, {5, 512, 16}, {13, 1280, 37}, {300, 256, 17}
    };
    private static final int[][] SIZES = {{1, 1, 1}, {2, 31, 3}, {5, 33, 4}, {6, 64, 17}, {13, 1001, 37}, {300, 130, 18}
    };

    @Parameter
    private CpuBackend backend;

    private Ops exact;
    private Ops fast;

    @BeforeEach
    void open() {
        exact = backend.open();
        fast = CpuOps.create(backend.level(), new CpuOptions(backend.threads(), ActivationMode.NATIVE))
                .orElseThrow();
    }

    @AfterEach
    void close() {
        exact.close();
        fast.close();
    }

    /** Rounding a number to 1/254 of the greatest of 128, some three deviations, or to 8 bits of fraction. */
    @Test
    void outputsAreNearTheExactOnes() {
        for (DType dtype : SMALL_BLOCKS) {
            for (int[] size : SMALL_SIZES) {
                near(dtype, size, 0.04);
            }
        }
        for (DType dtype : LARGE_BLOCKS) {
            for (int[] size : LARGE_SIZES) {
                near(dtype, size, 0.04);
            }
        }
        for (int[] size : SIZES) {
            near(DType.BF16, size, 0.012);
        }
        near(DType.F32, SIZES[4], 0);
    }

    /** What packing moved comes back as it was; NF4's table alone is rounded. */
    @Test
    void packedWeightsAreReadAsTheyWere() {
        for (DType dtype : ALL) {
            Sample.Computation reading = (on, sample) -> {
                Tensor w = sample.packed(dtype, 37, 512);
                Tensor picked = sample.dirty(5, 512);
                on.gather(picked, w, new int[] {36, 0, 15, 16, 15});
                Tensor some = sample.dirty(3, 512);
                on.gather(some, w.rows(14, 37), new int[] {22, 0, 1});
                return new Tensor[] {w, picked, some, w.rows(17, 21)};
            };
            float[][] want = Sample.run(exact, 6, reading);
            float[][] got = Sample.run(fast, 6, reading);
            boolean rounds = dtype == DType.NF4 || dtype == DType.NF4_BF16;
            for (int n = 0; n < want.length; n++) {
                for (int i = 0; i < want[n].length; i++) {
                    assertThat(got[n][i])
                            .as("%s, output %s, element %s", dtype, n, i)
                            .isCloseTo(want[n][i], within(rounds ? 0.03f : 2e-6f));
                }
            }
        }
    }

    @Test
    void gradientsGoThroughPackedWeights() {
        for (DType dtype : new DType[] {DType.Q8_0, DType.Q4_K, DType.BF16}) {
            Sample.assertAgree(fast, exact, 1e-4, dtype + " backward", (on, sample) -> {
                Tensor dx = sample.gaussian(5, 256);
                on.linearBackward(
                        dx, null, null, sample.gaussian(5, 19), sample.gaussian(5, 256), sample.packed(dtype, 19, 256));
                return new Tensor[] {dx};
            });
        }
    }

    @Test
    void memoryOfPackedWeightsComesBackOnce() {
        Sample.run(fast, 1, (on, sample) -> {
            Tensor w = sample.packed(DType.Q4_K, 40, 256);
            on.free(w);
            assertThatIllegalArgumentException().isThrownBy(() -> on.free(w));
            return new Tensor[0];
        });
    }

    private void near(DType dtype, int[] size, double perRoot) {
        Sample.Computation projection = (on, sample) -> {
            Tensor x = sample.gaussian(size[0], size[1]);
            Tensor y = sample.dirty(size[0], size[2]);
            on.linear(y, x, sample.packed(dtype, size[2], size[1]), sample.gaussian(size[2]));
            return new Tensor[] {y};
        };
        float[] want = Sample.run(exact, 6, projection)[0];
        float[] got = Sample.run(fast, 6, projection)[0];
        for (int i = 0; i < want.length; i++) {
            assertThat((double) got[i])
                    .as("%s %s x %s -> %s, element %s", dtype, size[0], size[1], size[2], i)
                    .isCloseTo(want[i], within(perRoot * Math.sqrt(size[1])));
        }
    }

    @Test
    void wholeNumbersAreMultipliedExactly() {
        Sample.run(fast, 1, (on, sample) -> {
            float[] values = new float[96];
            for (int i = 0; i < values.length; i++) {
                values[i] = i % 2 == 0 ? 127 - i % 32 : i % 32 - 127;
            }
            values[32] = -127;
            Tensor x = on.upload(values, 1, 96);
            Tensor w = sample.packed(DType.Q8_0, 20, 96);
            Tensor y = sample.dirty(1, 20);
            on.linear(y, x, w, null);
            float[] weights = on.read(w);
            for (int o = 0; o < 20; o++) {
                double want = 0;
                for (int i = 0; i < 96; i++) {
                    want += (double) values[i] * weights[o * 96 + i];
                }
                assertThat((double) y.at(o)).isCloseTo(want, within(2e-3));
            }
            return new Tensor[] {y};
        });
    }

    @Test
    void rowsDoNotDependOnTheirNeighbours() {
        for (DType dtype : ALL) {
            Sample.run(fast, 3, (on, sample) -> {
                Tensor x = sample.gaussian(512, 768);
                Tensor w = sample.packed(dtype, 117, 768);
                Tensor y = sample.dirty(512, 117);
                on.linear(y, x, w, null);
                for (int among : new int[] {1, 2, 3, 4, 5, 7, 12, 13, 33}) {
                    for (int from : new int[] {0, 5, 251, 512 - among}) {
                        Tensor few = sample.dirty(among, 117);
                        on.linear(few, x.rows(from, from + among), w, null);
                        assertThat(on.read(few))
                                .as("%s %s among %s", dtype, from, among)
                                .containsExactly(on.read(y.rows(from, from + among)));
                    }
                }
                return new Tensor[] {y};
            });
        }
    }

    /** Two sequences of 70 and 3 tokens in blocks of 8, after 5 and 40 that are there; with a window and without. */
    @Test
    void attentionIsNearTheExactOneAndIndependentOfItsNeighbours() {
        for (int window : new int[] {0, 11}) {
            for (int headDim : new int[] {20, 32, 80, 128}) {
                AttentionShape shape = new AttentionShape(6, 2, headDim, 0.3f, true, window);
                Sample.Computation together = (on, sample) -> {
                    Tensor q = sample.gaussian(73, 6 * headDim);
                    Tensor k = sample.gaussian(160, 2 * headDim);
                    Tensor v = sample.gaussian(160, 2 * headDim);
                    Tensor y = sample.dirty(73, 6 * headDim);
                    on.attention(y, q, k, v, batch(new int[] {75, 43}, new int[] {70, 3}, 0), shape);
                    Tensor alone = sample.dirty(73, 6 * headDim);
                    for (int t = 0; t < 73; t++) {
                        int sequence = t < 70 ? 0 : 1;
                        int context = sequence == 0 ? 5 + t + 1 : 40 + t - 70 + 1;
                        on.attention(
                                alone.rows(t, t + 1),
                                q.rows(t, t + 1),
                                k,
                                v,
                                batch(new int[] {context}, new int[] {1}, sequence * 10),
                                shape);
                    }
                    assertThat(on.read(alone)).as("%s", shape).containsExactly(on.read(y));
                    return new Tensor[] {y};
                };
                float[] want = Sample.run(exact, 9, together)[0];
                float[] got = Sample.run(fast, 9, together)[0];
                for (int i = 0; i < want.length; i++) {
                    assertThat(got[i]).as("%s, element %s", shape, i).isCloseTo(want[i], within(0.05f));
                }
            }
        }
    }

    /** Sequences whose blocks of 8 rows lie one after the other from a block on. */
    private static Batch batch(int[] contexts, int[] tokens, int firstBlock) {
        int[][] tables = new int[contexts.length][];
        int[] starts = new int[contexts.length + 1];
        int[] positions = new int[IntStream.of(tokens).sum()];
        for (int s = 0; s < contexts.length; s++) {
            int first = firstBlock + 10 * s;
            tables[s] = IntStream.range(first, first + 10).toArray();
            starts[s + 1] = starts[s] + tokens[s];
            for (int i = 0; i < tokens[s]; i++) {
                positions[starts[s] + i] = contexts[s] - tokens[s] + i;
            }
        }
        return new Batch(positions, starts, contexts, tables, 8, new int[positions.length]);
    }

    @Test
    void brokenActivationsStayBroken() {
        for (DType dtype : ALL) {
            Sample.run(fast, 3, (on, sample) -> {
                Tensor x = sample.gaussian(3, 256);
                float[] broken = on.read(x.rows(1, 2));
                broken[40] = Float.NaN;
                on.write(x.rows(1, 2), broken);
                Tensor y = sample.dirty(3, 5);
                on.linear(y, x, sample.packed(dtype, 5, 256), null);
                for (int o = 0; o < 5; o++) {
                    assertThat(y.at(5 + o)).isNaN();
                    assertThat(y.at(o)).isFinite();
                    assertThat(y.at(10 + o)).isFinite();
                }
                return new Tensor[] {y};
            });
        }
    }
}
