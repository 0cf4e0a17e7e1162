package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One sequence's logits are bitwise the same however it is computed: the rows of the whole are the reference. */
class NetworkForwardTest {
    private static final int LENGTH = 61;
    private static final int[] TOKENS = new Random(1).ints(LENGTH, 0, 201).toArray();
    private static final int[] OTHER = new Random(2).ints(40, 0, 201).toArray();

    private final Ops ops = CpuOps.create(new CpuOptions(2, ActivationMode.F32));

    @AfterEach
    void close() {
        ops.close();
    }

    @ParameterizedTest
    @EnumSource
    void chunksOfAPromptGiveTheWholesLogits(TinyModels model) {
        Network network = network(model.wide());
        PagedCache cache = new PagedCache(network.spec(), 1, ops);
        float[][] whole = whole(network, TOKENS, Adaptation.NONE);
        int from = 0;
        for (int count : new int[] {17, 1, 30, 13}) {
            int[] chunk = Arrays.copyOfRange(TOKENS, from, from + count);
            float[][] rows = logits(network, chunk, cache.grow(count), Optional.of(cache), Adaptation.NONE);
            assertThat(rows).isDeepEqualTo(Arrays.copyOfRange(whole, from, from + count));
            from += count;
        }
        assertThat(from).isEqualTo(LENGTH);
    }

    @ParameterizedTest
    @EnumSource
    void tokenByTokenGivesTheWholesLogits(TinyModels model) {
        Network network = network(model.wide());
        PagedCache cache = new PagedCache(network.spec(), 1, ops);
        float[][] whole = whole(network, TOKENS, Adaptation.NONE);
        for (int t = 0; t < LENGTH; t++) {
            float[][] row = logits(
                    network,
                    new int[] {TOKENS[t]},
                    cache.grow(1).ofLengths(new int[] {LENGTH}),
                    Optional.of(cache),
                    Adaptation.NONE);
            assertThat(row[0]).as("token %s", t).isEqualTo(whole[t]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void neighboursInTheBatchChangeNothing(TinyModels model) {
        Network network = network(model.wide());
        PagedCache cache = new PagedCache(network.spec(), 3, ops);
        float[][] whole = whole(network, TOKENS, Adaptation.NONE);
        float[][] first = logits(
                network,
                concat(first(OTHER, 11), first(TOKENS, 50), first(OTHER, 1)),
                cache.grow(11, 50, 1),
                Optional.of(cache),
                Adaptation.NONE);
        assertThat(Arrays.copyOfRange(first, 11, 61)).isDeepEqualTo(Arrays.copyOf(whole, 50));
        int[] rest = concat(first(OTHER, 1), Arrays.copyOfRange(TOKENS, 50, 61), first(OTHER, 20));
        float[][] second = logits(network, rest, cache.grow(1, 11, 20), Optional.of(cache), Adaptation.NONE);
        assertThat(Arrays.copyOfRange(second, 1, 12)).isDeepEqualTo(Arrays.copyOfRange(whole, 50, 61));
    }

    /** What serving uses: weights in BF16, activations rounded to what the CPU multiplies fastest. */
    @Test
    void roundedActivationsGiveTheWholesLogitsToo() {
        CausalLm spec = TinyModels.QWEN3.wide();
        try (Ops fast = CpuOps.create(new CpuOptions(2, ActivationMode.NATIVE))) {
            Network network = Network.frozen(spec, TinyModels.rounded(TinyModels.weights(spec)), fast);
            PagedCache cache = new PagedCache(spec, 1, fast);
            float[][] whole = whole(network, TOKENS, Adaptation.NONE);
            float[][] chunk = logits(network, first(TOKENS, 40), cache.grow(40), Optional.of(cache), Adaptation.NONE);
            assertThat(chunk).isDeepEqualTo(Arrays.copyOf(whole, 40));
            for (int t = 40; t < LENGTH; t++) {
                int[] token = {TOKENS[t]};
                float[][] row = logits(network, token, cache.grow(1), Optional.of(cache), Adaptation.NONE);
                assertThat(row[0]).as("token %s", t).isEqualTo(whole[t]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void servingComputesWhatTrainingDoes(TinyModels model) {
        Network network = network(model.wide());
        LoraAdapter adapter = TinyAdapters.everywhere(network.spec(), 4, ops);
        Adaptation adaptation = LoraAdaptation.all(adapter);
        Tape tape = Tape.recording(ops.workspace(), Map.of());
        Tensor hidden = network.hidden(TOKENS, Batch.packed(LENGTH), Optional.empty(), adaptation, tape);
        float[] trained = ops.read(network.logits(hidden, adaptation, tape));
        ops.workspace().reset();
        PagedCache cache = new PagedCache(network.spec(), 1, ops);
        float[][] served = logits(network, TOKENS, cache.grow(LENGTH), Optional.of(cache), adaptation);
        assertThat(served).isDeepEqualTo(rows(trained, LENGTH));
    }

    @Test
    void adaptersShareABatchWithoutTouchingEachOther() {
        Network network = network(TinyModels.QWEN3.wide());
        LoraAdapter one = TinyAdapters.everywhere(network.spec(), 5, ops);
        LoraAdapter two = TinyAdapters.everywhere(network.spec(), 6, ops);
        float[][] base = whole(network, TOKENS, Adaptation.NONE);
        float[][] first = whole(network, TOKENS, LoraAdaptation.all(one));
        float[][] second = whole(network, TOKENS, LoraAdaptation.all(two));
        assertThat(first[LENGTH - 1]).isNotEqualTo(base[LENGTH - 1]).isNotEqualTo(second[LENGTH - 1]);

        int[] tokens = IntStream.range(0, 4).flatMap(_ -> Arrays.stream(TOKENS)).toArray();
        LoraAdaptation mixed = LoraAdaptation.of(List.of(
                new LoraAdaptation.Range(one, 0, LENGTH),
                new LoraAdaptation.Range(two, LENGTH, 2 * LENGTH),
                new LoraAdaptation.Range(one, 3 * LENGTH, 4 * LENGTH)));
        float[][] all = logits(network, tokens, Batch.packed(LENGTH, LENGTH, LENGTH, LENGTH), Optional.empty(), mixed);
        assertThat(part(all, 0)).isDeepEqualTo(first);
        assertThat(part(all, 1)).isDeepEqualTo(second);
        assertThat(part(all, 2)).isDeepEqualTo(base);
        assertThat(part(all, 3)).isDeepEqualTo(first);
    }

    @Test
    void stepsAfterTheFirstTakeNoMoreMemory() {
        Network network = network(TinyModels.LLAMA.wide());
        whole(network, TOKENS, Adaptation.NONE);
        whole(network, TOKENS, Adaptation.NONE);
        long bytes = ops.workspace().byteSize();
        whole(network, TOKENS, LoraAdaptation.all(TinyAdapters.everywhere(network.spec(), 5, ops)));
        assertThat(ops.workspace().byteSize()).isEqualTo(bytes);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Network network = network(TinyModels.LLAMA.wide());
        Batch two = Batch.packed(2);
        assertThatThrownBy(() -> network.hidden(new int[] {1}, two, Optional.empty(), Adaptation.NONE, Tape.off()))
                .hasMessage("1 tokens are not the 2 of the batch");
        assertThatThrownBy(() -> network.hidden(new int[] {1, 201}, two, Optional.empty(), Adaptation.NONE, Tape.off()))
                .hasMessageContaining("row 201 is not within 0..200");
        PagedCache cache = new PagedCache(network.spec(), 1, ops);
        Tape tape = Tape.recording(ops.workspace(), Map.of());
        assertThatThrownBy(() ->
                        network.hidden(new int[] {1, 2}, cache.grow(2), Optional.of(cache), Adaptation.NONE, tape))
                .hasMessageContaining("no way back through a cache");
    }

    private Network network(CausalLm spec) {
        return Network.frozen(spec, TinyModels.weights(spec), ops);
    }

    private float[][] whole(Network network, int[] tokens, Adaptation adaptation) {
        return logits(network, tokens, Batch.packed(tokens.length), Optional.empty(), adaptation);
    }

    private float[][] logits(
            Network network, int[] tokens, Batch batch, Optional<KeyValueCache> cache, Adaptation adaptation) {
        Tensor hidden = network.hidden(tokens, batch, cache, adaptation, Tape.off());
        float[] values = network.ops().read(network.logits(hidden, adaptation, Tape.off()));
        network.ops().workspace().reset();
        return rows(values, tokens.length);
    }

    private static float[][] rows(float[] values, int rows) {
        int cols = values.length / rows;
        return IntStream.range(0, rows)
                .mapToObj(row -> Arrays.copyOfRange(values, row * cols, (row + 1) * cols))
                .toArray(float[][]::new);
    }

    private static float[][] part(float[][] rows, int number) {
        return Arrays.copyOfRange(rows, number * LENGTH, (number + 1) * LENGTH);
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    private static int[] first(int[] tokens, int count) {
        return Arrays.copyOf(tokens, count);
    }
}
