package io.orrery.bench.model;

import io.orrery.engine.kvcache.PagedCache;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.model.Network;
import io.orrery.engine.model.WeightSpec;
import io.orrery.engine.model.Weights;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** A model of random weights on a device, and sequences of random tokens in its cache. */
final class RandomModel implements AutoCloseable {
    static final int BLOCK = 16;

    /** Tokens of a prompt that are computed at once. */
    private static final int CHUNK = 2048;

    private final CausalLm spec;
    private final DType type;
    private final Ops ops;
    private final Network network;
    private final PagedCache cache;
    private final int blocks;
    private final int vocabSize;
    private int[] lengths = {};
    private int[] tokens = {};
    private int[][] tables = {};

    /** @param slots tokens that all sequences together may have, filled blocks counted whole */
    RandomModel(CausalLm spec, DType type, int slots, Ops ops) {
        this.spec = spec;
        this.type = type;
        this.ops = ops;
        RandomWeights random = new RandomWeights(1, 0);
        Map<String, Tensor> host = new LinkedHashMap<>();
        for (WeightSpec weight : Weights.of(spec)) {
            DType dtype = weight.shape().rank() > 1 ? type : DType.F32;
            host.put(weight.name(), random.tensor(weight.name(), dtype, weight.shape()));
        }
        network = Network.frozen(spec, host, ops);
        blocks = Math.ceilDiv(slots, BLOCK);
        cache = new PagedCache(spec, blocks * BLOCK, ops);
        vocabSize = spec.text().input() instanceof Input.Tokens input ? input.vocabSize() : 0;
    }

    /** Computes new prompts, the same for the same place; what was in the cache is forgotten. */
    float[] prompts(int sequences, int length) {
        lengths = new int[sequences];
        tokens = new int[sequences];
        int each = blocks / sequences;
        tables = IntStream.range(0, sequences)
                .mapToObj(s -> IntStream.range(s * each, (s + 1) * each).toArray())
                .toArray(int[][]::new);
        float[] logits = {};
        for (int s = 0; s < sequences; s++) {
            int[] prompt = new Random(s).ints(length, 0, vocabSize).toArray();
            for (int from = 0; from < length; from += CHUNK) {
                int[] part = Arrays.copyOfRange(prompt, from, Math.min(length, from + CHUNK));
                logits = forward(new int[] {s}, part);
            }
            tokens[s] = likeliest(logits, 0);
        }
        return logits;
    }

    /** A token more for every sequence; which, {@link #choose} says, and else it is the same again. */
    float[] step() {
        return forward(IntStream.range(0, tokens.length).toArray(), tokens);
    }

    /** The likeliest tokens come next. */
    void choose(float[] logits) {
        for (int s = 0; s < tokens.length; s++) {
            tokens[s] = likeliest(logits, s);
        }
    }

    /** Logits of the last token of each sequence; tokens are shared out evenly. */
    private float[] forward(int[] sequences, int[] input) {
        int each = input.length / sequences.length;
        int[] positions = new int[input.length];
        int[] slots = new int[input.length];
        for (int i = 0; i < input.length; i++) {
            int s = sequences[i / each];
            positions[i] = lengths[s] + i % each;
            slots[i] = tables[s][positions[i] / BLOCK] * BLOCK + positions[i] % BLOCK;
        }
        Arrays.stream(sequences).forEach(s -> lengths[s] += each);
        int[] starts =
                IntStream.rangeClosed(0, sequences.length).map(i -> i * each).toArray();
        int[] contexts = Arrays.stream(sequences).map(s -> lengths[s]).toArray();
        int[][] used = Arrays.stream(sequences)
                .mapToObj(s -> Arrays.copyOf(tables[s], Math.ceilDiv(lengths[s], BLOCK)))
                .toArray(int[][]::new);
        ops.workspace().reset();
        Batch batch = new Batch(positions, starts, contexts, used, BLOCK, slots);
        Tensor hidden = network.hidden(input, batch, Optional.of(cache), Adaptation.NONE, Tape.off());
        Tensor last = ops.workspace().empty(sequences.length, hidden.cols());
        ops.gather(
                last, hidden, Arrays.stream(starts).skip(1).map(end -> end - 1).toArray());
        return ops.read(network.logits(last, Adaptation.NONE, Tape.off()));
    }

    private int likeliest(float[] logits, int row) {
        int best = 0;
        for (int i = 1; i < vocabSize; i++) {
            if (logits[row * vocabSize + i] > logits[row * vocabSize + best]) {
                best = i;
            }
        }
        return best;
    }

    /** Whether steps of 40 sequences give each the logits that it has by itself. */
    boolean isTheSameAloneAndTogether() {
        int sequences = 40;
        prompts(sequences, 70);
        float[] together = step();
        boolean isSame = true;
        for (int s : new int[] {0, 17, 39}) {
            lengths[s] = 0;
            float[] whole =
                    forward(new int[] {s}, new Random(s).ints(70, 0, vocabSize).toArray());
            float[] alone = forward(new int[] {s}, new int[] {likeliest(whole, 0)});
            lengths[s] = 0;
            int[] prompt = new Random(s).ints(70, 0, vocabSize).toArray();
            forward(new int[] {s}, Arrays.copyOf(prompt, 5));
            float[] inParts = forward(new int[] {s}, Arrays.copyOfRange(prompt, 5, 70));
            isSame &= Arrays.equals(inParts, whole)
                    && Arrays.equals(alone, Arrays.copyOfRange(together, s * vocabSize, (s + 1) * vocabSize));
        }
        return isSame;
    }

    /** Elements of the matrices that every token is multiplied by. */
    long layerParameters() {
        return Weights.of(spec).stream()
                .filter(weight -> weight.name().startsWith("blk."))
                .mapToLong(weight -> weight.shape().elements())
                .sum();
    }

    /** Bytes of weights that a step reads, as a file has them: all but the table of embeddings, where the head is another. */
    long bytesRead() {
        return Weights.of(spec).stream()
                .filter(weight -> weight.shape().rank() > 1)
                .filter(weight -> spec.head().tied() || !weight.name().startsWith("token_embd"))
                .mapToLong(weight -> type.bytes(weight.shape().elements()))
                .sum();
    }

    @Override
    public void close() {
        cache.close();
        network.free();
    }
}
