package io.orrery.cli.conformance;

import io.orrery.engine.kvcache.BlockPool;
import io.orrery.engine.kvcache.BlockTable;
import io.orrery.engine.kvcache.PagedCache;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** Runs a network over token ids: whole, in chunks and token by token through a paged cache, several side by side. */
final class Forward {
    private static final int BLOCK_SIZE = 16;

    private final Network network;
    private final Ops ops;
    private final Adaptation adaptation;

    Forward(Network network, Adaptation adaptation) {
        this.network = network;
        this.ops = network.ops();
        this.adaptation = adaptation;
    }

    /** Of every token: the state after the final norm [T, hiddenSize], and logits [T, vocabSize]. */
    @SuppressWarnings("ArrayRecordComponent") // compared element by element, never as a whole
    record Result(float[] hidden, float[] logits) {}

    /** The tokens taken, and the logits that each was taken from, [count, vocabSize]. */
    @SuppressWarnings("ArrayRecordComponent") // compared element by element, never as a whole
    record Greedy(int[] ids, float[] logits) {}

    Result whole(int[] ids) {
        Tensor hidden = network.hidden(ids, Batch.packed(ids.length), Optional.empty(), adaptation, Tape.off());
        Result result = new Result(ops.read(hidden), ops.read(network.logits(hidden, adaptation, Tape.off())));
        ops.workspace().reset();
        return result;
    }

    /** Logits of each sequence, of a step that takes them all. */
    float[][] besideEachOther(int[][] sequences) {
        int[] lengths = Arrays.stream(sequences).mapToInt(ids -> ids.length).toArray();
        int[] tokens = Arrays.stream(sequences).flatMapToInt(Arrays::stream).toArray();
        Tensor hidden = network.hidden(tokens, Batch.packed(lengths), Optional.empty(), adaptation, Tape.off());
        float[] all = ops.read(network.logits(hidden, adaptation, Tape.off()));
        ops.workspace().reset();
        int vocabSize = all.length / tokens.length;
        float[][] parts = new float[sequences.length][];
        int from = 0;
        for (int s = 0; s < parts.length; s++) {
            parts[s] = Arrays.copyOfRange(all, from * vocabSize, (from + lengths[s]) * vocabSize);
            from += lengths[s];
        }
        return parts;
    }

    /** Logits of every token, [T, vocabSize], of steps that take a few tokens each. */
    float[] inChunks(int[] ids, int chunk) {
        try (Cached cached = new Cached(ids.length)) {
            float[][] parts = IntStream.iterate(0, from -> from < ids.length, from -> from + chunk)
                    .mapToObj(from ->
                            cached.step(Arrays.copyOfRange(ids, from, Math.min(ids.length, from + chunk)), ids.length))
                    .toArray(float[][]::new);
            return joined(parts);
        }
    }

    /** The likeliest token, time and again; none of them ends it. */
    Greedy greedy(int[] prompt, int count) {
        try (Cached cached = new Cached(prompt.length + count)) {
            int[] ids = new int[count];
            float[][] logits = new float[count][];
            int[] all = Arrays.copyOf(prompt, prompt.length + count);
            float[] step = cached.step(prompt, prompt.length);
            int vocabSize = step.length / prompt.length;
            for (int i = 0; i < count; i++) {
                logits[i] = Arrays.copyOfRange(step, step.length - vocabSize, step.length);
                ids[i] = Logits.argmax(logits[i], 0, vocabSize);
                int length = prompt.length + i + 1;
                all[length - 1] = ids[i];
                if (i + 1 < count) {
                    step = cached.grow(all, length);
                }
            }
            return new Greedy(ids, joined(logits));
        }
    }

    private static float[] joined(float[][] parts) {
        float[] all =
                new float[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** One sequence and its keys and values, in blocks that do not follow each other. */
    private final class Cached implements AutoCloseable {
        private final PagedCache cache;
        private final BlockTable blocks;
        private int length;

        Cached(int tokens) {
            int needed = Math.ceilDiv(tokens, BLOCK_SIZE) + 1;
            BlockPool pool = new BlockPool(needed, BLOCK_SIZE);
            cache = new PagedCache(network.spec(), needed * BLOCK_SIZE, ops);
            blocks = new BlockTable(pool);
        }

        /** Logits of the last of so many tokens, which are computed anew where the model asks for it. */
        float[] grow(int[] all, int newLength) {
            if (length == network.recomputedBeyond()) {
                length = 0;
            }
            return step(Arrays.copyOfRange(all, length, newLength), newLength);
        }

        /** Logits of the step's tokens, of a sequence that will have so many. */
        float[] step(int[] tokens, int total) {
            int from = length;
            length += tokens.length;
            if (!blocks.reserve(length)) {
                throw new IllegalStateException("the cache was made too small for " + length + " tokens");
            }
            Batch batch = new Batch(
                            IntStream.range(from, length).toArray(),
                            new int[] {0, tokens.length},
                            new int[] {length},
                            new int[][] {blocks.prefix(length)},
                            BLOCK_SIZE,
                            IntStream.range(from, length).map(blocks::slot).toArray())
                    .ofLengths(new int[] {total});
            Tensor hidden = network.hidden(tokens, batch, Optional.of(cache), adaptation, Tape.off());
            float[] logits = ops.read(network.logits(hidden, adaptation, Tape.off()));
            ops.workspace().reset();
            return logits;
        }

        @Override
        public void close() {
            cache.close();
        }
    }
}
