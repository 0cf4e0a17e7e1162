package io.orrery.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.contract.Sample;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
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
    private static final int[][] BLOCK_SIZES = {
        {1, 32, 1}, {3, 64, 5}, {7, 544, 16}, {8, 96, 33}, {25, 1056, 50}, {300, 64, 17}
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

    /** Rounding a number to 1/254 of a block's greatest, some three deviations, or to 8 bits of fraction. */
    @Test
    void outputsAreNearTheExactOnes() {
        for (int[] size : BLOCK_SIZES) {
            near(DType.Q8_0, size, 0.03);
        }
        for (int[] size : SIZES) {
            near(DType.BF16, size, 0.012);
        }
        near(DType.F32, SIZES[4], 0);
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
        for (DType dtype : new DType[] {DType.Q8_0, DType.BF16}) {
            Sample.run(fast, 3, (on, sample) -> {
                Tensor x = sample.gaussian(512, 544);
                Tensor w = sample.packed(dtype, 37, 544);
                Tensor y = sample.dirty(512, 37);
                on.linear(y, x, w, null);
                for (int among : new int[] {1, 2, 7, 8, 32}) {
                    for (int from : new int[] {0, 5, 255, 512 - among}) {
                        Tensor few = sample.dirty(among, 37);
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

    @Test
    void brokenActivationsStayBroken() {
        for (DType dtype : new DType[] {DType.Q8_0, DType.BF16}) {
            Sample.run(fast, 3, (on, sample) -> {
                Tensor x = sample.gaussian(3, 64);
                float[] broken = on.read(x.rows(1, 2));
                broken[40] = Float.NaN;
                on.write(x.rows(1, 2), broken);
                Tensor y = sample.dirty(3, 5);
                on.linear(y, x, sample.packed(dtype, 5, 64), null);
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
