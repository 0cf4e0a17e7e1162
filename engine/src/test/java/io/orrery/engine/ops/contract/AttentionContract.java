package io.orrery.engine.ops.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.ops.AttentionShape;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Attention over packed and paged keys: grouped heads, windows, chunks, and what a row may depend on. */
public abstract class AttentionContract {
    private static final AttentionShape[] SHAPES = {
        new AttentionShape(1, 1, 1, 1, true, 0),
        new AttentionShape(2, 2, 5, 0.5f, true, 0),
        new AttentionShape(6, 2, 16, 0.25f, true, 0),
        new AttentionShape(8, 2, 64, 0.125f, true, 9),
        new AttentionShape(3, 1, 20, 0.2f, false, 0),
        new AttentionShape(4, 4, 33, 0.2f, true, 1),
        new AttentionShape(5, 1, 128, 0.09f, true, 0)
    };

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
    void packedSequencesAgree() {
        for (AttentionShape shape : SHAPES) {
            Sample.assertAgree(ops, oracle, 2e-5, shape.toString(), (on, sample) -> {
                Batch batch = Batch.packed(1, 37, 2, 70, 16);
                Inputs in = new Inputs(sample, shape, 126, 126);
                Tensor y = sample.dirty(126, in.width);
                on.attention(y, in.q, in.k, in.v, batch, shape);
                Tensor p = sample.dirty(shape.heads() * 37L, 37);
                on.attentionProbabilities(p, in.q, in.k, batch, 1, shape);
                return new Tensor[] {y, p};
            });
        }
    }

    /** More keys than any kernel takes at once. */
    @Test
    void longSequencesAgree() {
        for (AttentionShape shape : new AttentionShape[] {
            new AttentionShape(2, 1, 16, 0.25f, true, 0), new AttentionShape(1, 1, 24, 0.2f, true, 200)
        }) {
            Sample.assertAgree(ops, oracle, 1e-4, shape.toString(), (on, sample) -> {
                Batch batch = Batch.packed(390, 130);
                Inputs in = new Inputs(sample, shape, 520, 520);
                Tensor y = sample.dirty(520, in.width);
                on.attention(y, in.q, in.k, in.v, batch, shape);
                Inputs gradients = new Inputs(sample, shape, 520, 520);
                on.attentionBackward(gradients.q, gradients.k, gradients.v, y, in.q, in.k, in.v, batch, shape);
                return new Tensor[] {y, gradients.q, gradients.k, gradients.v};
            });
        }
    }

    @Test
    void backwardAddsToTheGradients() {
        for (AttentionShape shape : SHAPES) {
            for (int wanted = 1; wanted < 8; wanted += 3) {
                int set = wanted;
                Sample.assertAgree(ops, oracle, 1e-4, shape + " wanted " + wanted, (on, sample) -> {
                    Batch batch = Batch.packed(1, 37, 2, 30);
                    Inputs in = new Inputs(sample, shape, 70, 70);
                    Tensor dy = sample.gaussian(70, in.width);
                    Inputs gradients = new Inputs(sample, shape, 70, 70);
                    on.attentionBackward(
                            (set & 1) != 0 ? gradients.q : null,
                            (set & 2) != 0 ? gradients.k : null,
                            (set & 4) != 0 ? gradients.v : null,
                            dy,
                            in.q,
                            in.k,
                            in.v,
                            batch,
                            shape);
                    return new Tensor[] {gradients.q, gradients.k, gradients.v};
                });
            }
        }
    }

    @Test
    void sequencesThatShareBlocksAddToTheSameGradients() {
        AttentionShape shape = new AttentionShape(4, 2, 16, 0.25f, true, 0);
        Batch batch = new Batch(
                new int[] {4, 5, 4, 5},
                new int[] {0, 2, 4},
                new int[] {6, 6},
                new int[][] {{3, 0}, {3, 1}},
                4,
                new int[] {0, 1, 4, 5});
        Sample.assertAgree(ops, oracle, 1e-5, "shared", (on, sample) -> {
            Inputs in = new Inputs(sample, shape, 4, 16);
            Inputs gradients = new Inputs(sample, shape, 4, 16);
            Tensor dy = sample.gaussian(4, in.width);
            on.attentionBackward(gradients.q, gradients.k, gradients.v, dy, in.q, in.k, in.v, batch, shape);
            return new Tensor[] {gradients.q, gradients.k, gradients.v};
        });
    }

    /** A sequence of 45 tokens in one go, against chunks and single tokens whose keys lie in scattered blocks. */
    @Test
    void chunksOverPagedKeysAreBitwiseTheWhole() {
        for (AttentionShape shape : SHAPES) {
            if (!shape.causal()) {
                continue;
            }
            Sample.run(ops, 21, (on, sample) -> {
                Inputs in = new Inputs(sample, shape, 45, 45);
                Tensor whole = sample.dirty(45, in.width);
                on.attention(whole, in.q, in.k, in.v, Batch.packed(45), shape);

                int[] table = {7, 2, 9, 0, 5, 11};
                Tensor keys = sample.dirty(12 * 8, in.kvWidth);
                Tensor values = sample.dirty(12 * 8, in.kvWidth);
                int[] slots = IntStream.range(0, 45)
                        .map(u -> table[u / 8] * 8 + u % 8)
                        .toArray();
                for (int[] chunk : new int[][] {{0, 20}, {20, 21}, {21, 43}, {43, 44}, {44, 45}}) {
                    int from = chunk[0];
                    int to = chunk[1];
                    int[] rows = Arrays.copyOfRange(slots, from, to);
                    on.store(keys, in.k.rows(from, to), rows);
                    on.store(values, in.v.rows(from, to), rows);
                    Batch batch = new Batch(
                            IntStream.range(from, to).toArray(),
                            new int[] {0, to - from},
                            new int[] {to},
                            new int[][] {table},
                            8,
                            rows);
                    Tensor part = sample.dirty(to - from, in.width);
                    on.attention(part, in.q.rows(from, to), keys, values, batch, shape);
                    assertThat(on.read(part))
                            .as("%s tokens %s to %s", shape, from, to)
                            .containsExactly(on.read(whole.rows(from, to)));
                }
                return new Tensor[] {whole};
            });
        }
    }

    @Test
    void decodingIsBitwiseTheSameAloneAndAmongOthers() {
        AttentionShape shape = new AttentionShape(6, 2, 32, 0.2f, true, 0);
        Sample.run(ops, 2, (on, sample) -> {
            int sequences = 31;
            Tensor cache = sample.gaussian(sequences * 16L, 64);
            Tensor values = sample.gaussian(sequences * 16L, 64);
            Tensor q = sample.gaussian(sequences, 192);
            Tensor together = sample.dirty(sequences, 192);
            on.attention(together, q, cache, values, decoding(0, sequences), shape);
            for (int s = 0; s < sequences; s++) {
                Tensor alone = sample.dirty(1, 192);
                on.attention(alone, q.rows(s, s + 1), cache, values, decoding(s, 1), shape);
                assertThat(on.read(alone)).as("sequence %s", s).containsExactly(on.read(together.rows(s, s + 1)));
            }
            return new Tensor[] {together};
        });
    }

    /** Sequence s has s % 16 + 1 keys, in block s of 16. */
    private static Batch decoding(int first, int count) {
        int[] contexts =
                IntStream.range(first, first + count).map(s -> s % 16 + 1).toArray();
        int[][] tables = IntStream.range(first, first + count)
                .mapToObj(s -> new int[] {s})
                .toArray(int[][]::new);
        int[] positions = IntStream.of(contexts).map(context -> context - 1).toArray();
        int[] slots = IntStream.range(0, count)
                .map(i -> (first + i) * 16 + positions[i])
                .toArray();
        return new Batch(positions, IntStream.rangeClosed(0, count).toArray(), contexts, tables, 16, slots);
    }

    @Test
    void threadsDoNotChangeABit() {
        AttentionShape shape = new AttentionShape(6, 2, 20, 0.2f, true, 0);
        try (Ops alone = backend.withThreads(1).open();
                Ops four = backend.withThreads(4).open()) {
            Sample.Computation all = (on, sample) -> {
                Batch batch = Batch.packed(50, 3, 60, 1);
                Inputs in = new Inputs(sample, shape, 114, 114);
                Inputs gradients = new Inputs(sample, shape, 114, 114);
                Tensor y = sample.dirty(114, in.width);
                on.attention(y, in.q, in.k, in.v, batch, shape);
                on.attentionBackward(gradients.q, gradients.k, gradients.v, y, in.q, in.k, in.v, batch, shape);
                return new Tensor[] {y, gradients.q, gradients.k, gradients.v};
            };
            assertThat(Sample.run(four, 4, all)).isDeepEqualTo(Sample.run(alone, 4, all));
        }
    }

    private static final class Inputs {
        private final int width;
        private final int kvWidth;
        private final Tensor q;
        private final Tensor k;
        private final Tensor v;

        Inputs(Sample sample, AttentionShape shape, int tokens, int keys) {
            width = shape.heads() * shape.headDim();
            kvWidth = shape.kvHeads() * shape.headDim();
            q = sample.gaussian(tokens, width);
            k = sample.gaussian(keys, kvWidth);
            v = sample.gaussian(keys, kvWidth);
        }
    }
}
