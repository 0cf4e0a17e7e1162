package io.orrery.engine.ops.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Projections of every dtype, forward and backward, at sizes that fill no tile, chunk or panel evenly. */
public abstract class LinearContract {
    /** T, I, O. */
    private static final int[][] SIZES = {
        {1, 1, 1},
        {1, 3, 2},
        {2, 17, 5},
        {3, 31, 7},
        {5, 33, 16},
        {6, 64, 17},
        {7, 100, 33},
        {13, 513, 9},
        {25, 130, 50},
        {97, 40, 31},
        {260, 66, 35},
        {4, 1100, 6},
        {300, 1030, 18}
    };

    /** T, I, O; rows of whole Q8_0 blocks. */
    private static final int[][] BLOCK_SIZES = {
        {1, 32, 1}, {2, 32, 3}, {5, 96, 17}, {7, 64, 33}, {26, 544, 10}, {100, 160, 35}, {270, 1056, 18}
    };

    /** T, blocks of 32 or more, O. */
    private static final int[][] FEW_BLOCKS = {{1, 1, 1}, {2, 3, 3}, {29, 5, 17}};

    private static final DType[] HALVES = {DType.F16, DType.BF16};

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
    void forwardAgrees() {
        for (int[] size : SIZES) {
            forward(DType.F32, size, true);
            forward(DType.F32, size, false);
            for (DType dtype : HALVES) {
                forward(dtype, size, true);
            }
        }
        for (int[] size : BLOCK_SIZES) {
            forward(DType.Q8_0, size, true);
        }
        for (DType dtype : blockFormats()) {
            for (int[] size : FEW_BLOCKS) {
                int cols = dtype.blockElements() * size[1];
                forward(dtype, new int[] {size[0], cols, size[2]}, true);
            }
        }
    }

    /** All that have a format, but those that are multiplied as they are stored. */
    private static List<DType> blockFormats() {
        return Arrays.stream(DType.values())
                .filter(dtype -> dtype.blockElements() > 1 && dtype != DType.Q8_0 && hasFormat(dtype))
                .toList();
    }

    private static boolean hasFormat(DType dtype) {
        try {
            BlockFormat.of(dtype);
            return true;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    private void forward(DType dtype, int[] size, boolean bias) {
        Sample.assertAgree(ops, oracle, tolerance(size[1]), name(dtype, size), (on, sample) -> {
            Tensor x = sample.gaussian(size[0], size[1]);
            Tensor w = sample.packed(dtype, size[2], size[1]);
            Tensor y = sample.dirty(size[0], size[2]);
            on.linear(y, x, w, bias ? sample.gaussian(size[2]) : null);
            return new Tensor[] {y};
        });
    }

    @Test
    void backwardAddsToTheGradients() {
        for (int[] size : SIZES) {
            Sample.assertAgree(ops, oracle, tolerance(size[0] + size[2]), name(DType.F32, size), (on, sample) -> {
                Tensor x = sample.gaussian(size[0], size[1]);
                Tensor w = sample.gaussian(size[2], size[1]);
                Tensor dy = sample.gaussian(size[0], size[2]);
                Tensor dx = sample.gaussian(size[0], size[1]);
                Tensor dw = sample.gaussian(size[2], size[1]);
                Tensor db = sample.gaussian(size[2]);
                on.linearBackward(dx, dw, db, dy, x, w);
                return new Tensor[] {dx, dw, db};
            });
        }
    }

    @Test
    void gradientsGoThroughFrozenBlocks() {
        for (DType dtype : blockFormats()) {
            for (int[] size : FEW_BLOCKS) {
                int cols = dtype.blockElements() * size[1];
                Sample.assertAgree(ops, oracle, tolerance(size[2]), name(dtype, size), (on, sample) -> {
                    Tensor w = sample.packed(dtype, size[2], cols);
                    Tensor dx = sample.gaussian(size[0], cols);
                    on.linearBackward(
                            dx, null, null, sample.gaussian(size[0], size[2]), sample.gaussian(size[0], cols), w);
                    return new Tensor[] {dx};
                });
            }
        }
    }

    /** One row of the identity at a time picks a weight, which must be the decoded one bit for bit. */
    @Test
    void blocksAreDecodedExactly() {
        for (DType dtype : blockFormats()) {
            int cols = Math.max(64, dtype.blockElements());
            float[] identity = new float[cols * cols];
            for (int i = 0; i < cols; i++) {
                identity[i * cols + i] = 1;
            }
            Sample.assertAgree(ops, oracle, 0, dtype.name(), (on, sample) -> {
                Tensor w = sample.packed(dtype, 7, cols);
                Tensor y = sample.dirty(cols, 7);
                on.linear(y, on.upload(identity, cols, cols), w, null);
                return new Tensor[] {y};
            });
        }
    }

    /** A magnitude of any exponent times one number of the table, the others zero: rounding at both ends of F16's range. */
    @Test
    void tablesOfFourBitsAreDecodedExactlyWhateverTheirMagnitude() {
        for (DType dtype :
                List.of(DType.NF4, DType.NF4_F16, DType.NF4_BF16, DType.FP4, DType.FP4_F16, DType.FP4_BF16)) {
            int zero = dtype.name().startsWith("NF4") ? 7 : 0;
            Sample.assertAgree(ops, oracle, 0, dtype.name(), (on, sample) -> {
                Tensor y = sample.dirty(1, 254 * 16);
                on.linear(y, on.upload(firstOfUnit(64), 1, 64), on.pack(everyMagnitude(dtype, zero)), null);
                return new Tensor[] {y};
            });
        }
    }

    private static float[] firstOfUnit(int length) {
        float[] unit = new float[length];
        unit[0] = 1;
        return unit;
    }

    /** A row of one block for each exponent and number. */
    private static Tensor everyMagnitude(DType dtype, int zero) {
        byte[] rows = new byte[254 * 16 * dtype.blockBytes()];
        MemorySegment segment = MemorySegment.ofArray(rows);
        for (int row = 0; row < 254 * 16; row++) {
            int block = row * dtype.blockBytes();
            segment.set(ValueLayout.JAVA_INT_UNALIGNED, block, (row / 16 + 1) << 23 | 0x2aaaab);
            Arrays.fill(rows, block + 4, block + dtype.blockBytes(), (byte) (zero << 4 | zero));
            rows[block + 4] = (byte) (row % 16 << 4 | zero);
        }
        return new Tensor(dtype, Shape.of(254 * 16, 64), new HostMemory(segment));
    }

    @Test
    void gradientsThatAreNotWantedAreLeftOut() {
        int[] size = {9, 40, 21};
        for (int wanted = 0; wanted < 8; wanted++) {
            int set = wanted;
            Sample.assertAgree(ops, oracle, tolerance(30), "wanted " + wanted, (on, sample) -> {
                Tensor x = sample.gaussian(size[0], size[1]);
                Tensor w = sample.gaussian(size[2], size[1]);
                Tensor dy = sample.gaussian(size[0], size[2]);
                Tensor dx = sample.gaussian(size[0], size[1]);
                Tensor dw = sample.gaussian(size[2], size[1]);
                Tensor db = sample.gaussian(size[2]);
                on.linearBackward(
                        (set & 1) != 0 ? dx : null, (set & 2) != 0 ? dw : null, (set & 4) != 0 ? db : null, dy, x, w);
                return new Tensor[] {dx, dw, db};
            });
        }
    }

    @Test
    void gradientsGoBackThroughFrozenWeights() {
        for (int[] size : SIZES) {
            for (DType dtype : HALVES) {
                frozenBackward(dtype, size);
            }
        }
        for (int[] size : BLOCK_SIZES) {
            frozenBackward(DType.Q8_0, size);
        }
    }

    private void frozenBackward(DType dtype, int[] size) {
        Sample.assertAgree(ops, oracle, tolerance(size[2]), name(dtype, size), (on, sample) -> {
            Tensor x = sample.gaussian(size[0], size[1]);
            Tensor w = sample.packed(dtype, size[2], size[1]);
            Tensor dx = sample.gaussian(size[0], size[1]);
            on.linearBackward(dx, null, null, sample.gaussian(size[0], size[2]), x, w);
            return new Tensor[] {dx};
        });
    }

    @Test
    void rowsDoNotDependOnTheirNeighbours() {
        for (DType dtype : new DType[] {DType.F32, DType.F16, DType.BF16, DType.Q8_0}) {
            rowsDoNotDependOnTheirNeighbours(dtype, 512, dtype == DType.Q8_0 ? 544 : 530, 37);
        }
    }

    private void rowsDoNotDependOnTheirNeighbours(DType dtype, int rows, int in, int out) {
        Sample.run(ops, 3, (on, sample) -> {
            Tensor x = sample.gaussian(rows, in);
            Tensor w = sample.packed(dtype, out, in);
            Tensor b = sample.gaussian(out);
            Tensor y = sample.dirty(rows, out);
            Tensor dx = on.persistent(rows, in);
            on.linear(y, x, w, b);
            on.linearBackward(dx, null, null, y, x, w);
            for (int among : new int[] {1, 2, 7, 8, 32}) {
                for (int from : new int[] {0, 5, 255, rows - among}) {
                    Tensor fewY = sample.dirty(among, out);
                    Tensor fewX = on.persistent(among, in);
                    on.linear(fewY, x.rows(from, from + among), w, b);
                    on.linearBackward(fewX, null, null, fewY, x.rows(from, from + among), w);
                    assertThat(on.read(fewY))
                            .as("%s %s among %s", dtype, from, among)
                            .containsExactly(on.read(y.rows(from, from + among)));
                    assertThat(on.read(fewX))
                            .as("dx %s %s among %s", dtype, from, among)
                            .containsExactly(on.read(dx.rows(from, from + among)));
                }
            }
            return new Tensor[] {y};
        });
    }

    @Test
    void brokenNeighboursDoNotSpread() {
        Sample.run(ops, 3, (on, sample) -> {
            Tensor x = sample.gaussian(9, 21);
            on.write(x.rows(4, 5), new float[21]);
            float[] broken = new float[4 * 21];
            Arrays.fill(broken, Float.NaN);
            on.write(x.rows(0, 4), broken);
            on.write(x.rows(5, 9), broken);
            Tensor w = sample.gaussian(10, 21);
            Tensor y = sample.dirty(9, 10);
            on.linear(y, x, w, null);
            assertThat(on.read(y.rows(4, 5))).containsOnly(0);
            Tensor dx = on.persistent(9, 21);
            on.linearBackward(dx, null, null, y, x, w);
            assertThat(on.read(dx.rows(4, 5))).containsOnly(0);
            return new Tensor[] {y};
        });
    }

    @Test
    void threadsDoNotChangeABit() {
        try (Ops alone = backend.withThreads(1).open();
                Ops four = backend.withThreads(4).open()) {
            Sample.Computation all = (on, sample) -> {
                Tensor x = sample.gaussian(300, 130);
                Tensor w = sample.gaussian(101, 130);
                Tensor y = sample.dirty(300, 101);
                on.linear(y, x, w, sample.gaussian(101));
                Tensor dx = sample.gaussian(300, 130);
                Tensor dw = sample.gaussian(101, 130);
                Tensor db = sample.gaussian(101);
                on.linearBackward(dx, dw, db, y, x, w);
                return new Tensor[] {y, dx, dw, db};
            };
            assertThat(Sample.run(four, 9, all)).isDeepEqualTo(Sample.run(alone, 9, all));
        }
    }

    /** Outputs grow with the root of the length, rounding with the length at worst. */
    private static double tolerance(int length) {
        return 2e-6 + 4e-7 * length;
    }

    private static String name(DType dtype, int[] size) {
        return "%s T=%d I=%d O=%d".formatted(dtype, size[0], size[1], size[2]);
    }
}
