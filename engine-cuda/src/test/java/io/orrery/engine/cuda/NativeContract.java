package io.orrery.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.ops.AttentionShape;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.ops.contract.Sample;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tensor cores' way: near the exact one, and a row's result the same bits in every batch. */
abstract class NativeContract {
    /** I, O: a row of tiles that is not full, segments that are not even, more rows of tiles than the emulator streams. */
    private static final int[][] SIZES = {{256, 5}, {1280, 17}, {2560, 40}, {1536, 300}};

    private static final int[] BATCHES = {1, 3, 8, 9, 33, 70};

    private Ops exact;
    private Ops fast;

    @BeforeEach
    void open() {
        exact = new ScalarOps();
        Gpu gpu = gpu();
        fast = new CudaOps(gpu, gpu.properties().name(), ActivationMode.NATIVE);
    }

    /** Closed with what is opened over it. */
    abstract Gpu gpu();

    @AfterEach
    void close() {
        exact.close();
        fast.close();
    }

    @Test
    void projectionsAreNearTheExactOnes() {
        for (TileFormat format : TileFormat.values()) {
            for (int[] size : SIZES) {
                for (int batch : new int[] {2, 20}) {
                    Sample.Computation projection = projection(format, size, batch);
                    assertNear(Sample.run(fast, 6, projection)[0], Sample.run(exact, 6, projection)[0], 0.008, format);
                }
            }
        }
    }

    private static Sample.Computation projection(TileFormat format, int[] size, int batch) {
        return (on, sample) -> {
            Tensor w = sample.packed(dtype(format), size[1], size[0]);
            Tensor bias = sample.gaussian(size[1]);
            Tensor x = sample.gaussian(batch, size[0]);
            Tensor y = sample.dirty(batch, size[1]);
            on.linear(y, x, w, bias);
            return new Tensor[] {y};
        };
    }

    private static DType dtype(TileFormat format) {
        return DType.valueOf(format.name());
    }

    private static void assertNear(float[] got, float[] want, double tolerance, Object what) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < want.length; i++) {
            difference += Math.pow((double) got[i] - want[i], 2);
            norm += Math.pow(want[i], 2);
        }
        assertThat(Math.sqrt(difference / norm)).as("%s", what).isLessThan(tolerance);
    }

    @Test
    void aRowIsTheSameBitsInEveryBatch() {
        for (TileFormat format : TileFormat.values()) {
            sameBits(format, SIZES[0]);
            sameBits(format, SIZES[1]);
        }
    }

    /** As many rows of tiles as take the emulator seconds, for a format that is copied and one that is decoded. */
    @Test
    void aRowOfManyTilesIsTheSameBitsInEveryBatch() {
        for (TileFormat format : new TileFormat[] {TileFormat.BF16, TileFormat.Q4_K}) {
            sameBits(format, SIZES[2]);
            sameBits(format, SIZES[3]);
        }
    }

    /** Rows of a larger batch begin with those of a smaller one, since the sample draws x last. */
    private void sameBits(TileFormat format, int[] size) {
        float[] most = Sample.run(fast, 7, projection(format, size, 70))[0];
        for (int batch : BATCHES) {
            assertThat(Sample.run(fast, 7, projection(format, size, batch))[0])
                    .as("%s, %s rows of %s", format, batch, Arrays.toString(size))
                    .isEqualTo(Arrays.copyOf(most, batch * size[1]));
        }
    }

    @Test
    void packedWeightsAreReadAndLookedUpExactly() {
        for (TileFormat format : TileFormat.values()) {
            if (format == TileFormat.F16) {
                continue; // rounded to BF16
            }
            Sample.Computation lookUp = (on, sample) -> {
                Tensor w = sample.packed(dtype(format), 37, 1536);
                Tensor y = sample.dirty(3, 1536);
                on.gather(y, w, new int[] {36, 0, 17});
                return new Tensor[] {w, y};
            };
            assertThat(Sample.run(fast, 8, lookUp)).as("%s", format).isDeepEqualTo(Sample.run(exact, 8, lookUp));
        }
    }

    @Test
    void gradientsGoThroughPackedWeights() {
        for (TileFormat format : TileFormat.values()) {
            Sample.Computation backward = (on, sample) -> {
                Tensor w = sample.packed(dtype(format), 37, 512);
                Tensor dx = sample.gaussian(4, 512);
                on.linearBackward(dx, null, null, sample.gaussian(4, 37), sample.gaussian(4, 512), w);
                return new Tensor[] {dx};
            };
            assertNear(Sample.run(fast, 9, backward)[0], Sample.run(exact, 9, backward)[0], 0.002, format);
        }
    }

    @Test
    void packedWeightsCanBeFreedOnce() {
        Sample.run(fast, 1, (on, sample) -> {
            Tensor w = sample.packed(dtype(TileFormat.Q8_0), 3, 64);
            on.free(w);
            assertThat(catchThrowable(() -> on.free(w))).isInstanceOf(IllegalArgumentException.class);
            return new Tensor[0];
        });
    }

    @Test
    void attentionIsNearTheExactOne() {
        for (AttentionShape shape : shapes()) {
            Sample.Computation attention = attention(shape, new int[] {3, 20, 1}, 0);
            assertNear(Sample.run(fast, 4, attention)[0], Sample.run(exact, 4, attention)[0], 0.006, shape);
        }
    }

    private static AttentionShape[] shapes() {
        return new AttentionShape[] {
            new AttentionShape(8, 2, 64, 0.125f, true, 0),
            new AttentionShape(4, 4, 96, 0.1f, true, 33),
            new AttentionShape(2, 1, 128, 0.09f, false, 0)
        };
    }

    /** Of three sequences with 5, 70 and 200 keys, so many tokens of this step; the last of them only, where dropped is 1. */
    private static Sample.Computation attention(AttentionShape shape, int[] tokens, int dropped) {
        int[] contexts = {5, 70, 200};
        int all = Arrays.stream(tokens).sum();
        int[][] tables = {{2, 0}, rangeOf(20, 18), rangeOf(50, 50)};
        return (on, sample) -> {
            Tensor keys = sample.gaussian(400, (long) shape.kvHeads() * shape.headDim());
            Tensor values = sample.gaussian(400, (long) shape.kvHeads() * shape.headDim());
            Tensor q = sample.gaussian(all, (long) shape.heads() * shape.headDim());
            int[] kept = tokens;
            if (dropped > 0) {
                int[] last = {tokens[0] - 1, tokens[0] + tokens[1] - 1, all - 1};
                Tensor some = sample.dirty(3, q.cols());
                on.gather(some, q, last);
                q = some;
                kept = new int[] {1, 1, 1};
            }
            int rows = Arrays.stream(kept).sum();
            int[] starts = {0, kept[0], kept[0] + kept[1], rows};
            Tensor y = sample.dirty(rows, q.cols());
            Batch batch = new Batch(
                    new int[rows],
                    starts,
                    contexts,
                    tables,
                    4,
                    IntStream.range(0, rows).toArray());
            on.attention(y, q, keys, values, batch, shape);
            return new Tensor[] {y};
        };
    }

    private static int[] rangeOf(int from, int count) {
        return IntStream.range(from, from + count).toArray();
    }

    @Test
    void aTokenAttendsTheSameBitsByItself() {
        for (AttentionShape shape : shapes()) {
            int[] tokens = {3, 20, 1};
            float[] together = Sample.run(fast, 4, attention(shape, tokens, 0))[0];
            float[] alone = Sample.run(fast, 4, attention(shape, tokens, 1))[0];
            int width = shape.heads() * shape.headDim();
            for (int s = 0; s < 3; s++) {
                int last = new int[] {2, 22, 23}[s];
                assertThat(Arrays.copyOfRange(alone, s * width, (s + 1) * width))
                        .as("%s, sequence %s", shape, s)
                        .isEqualTo(Arrays.copyOfRange(together, last * width, (last + 1) * width));
            }
        }
    }
}
