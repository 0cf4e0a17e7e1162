package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What transformers computes of tiny models of the real families, where the golden folder is present. */
class GoldenModelsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "llm-llama-codellama",
                "llm-llama3-rope",
                "llm-llama-linear",
                "llm-mistral-sliding",
                "llm-zephyr-chat",
                "llm-qwen2-nemotron",
                "llm-qwen3",
                "llm-gemma-codegemma",
                "llm-starcoder2",
                "llm-phi4",
                "llm-phi3-longrope",
                "llm-opt"
            })
    void logitsAndHiddenStatesAreThoseOfTransformers(String name) {
        Path folder = Golden.folder(name);
        try (ModelFiles files = ModelFiles.open(folder);
                SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"));
                Ops scalar = new ScalarOps();
                Ops cpu = CpuOps.create(new CpuOptions(2, ActivationMode.F32))) {
            for (Ops ops : new Ops[] {scalar, cpu}) {
                Network network = Network.frozen(files.spec(), files.weights(), ops);
                sequences(network, golden, "seq.", true);
                network.observed(new Deep(golden, ops))
                        .hidden(last(golden), packed(last(golden)), Optional.empty(), Adaptation.NONE, Tape.off());
                ops.workspace().reset();
                greedy(network, golden);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gguf-llama, f32",
        "gguf-llama, Q8_0",
        "gguf-llama, Q4_K_M",
        "gguf-llama, Q4_0",
        "gguf-llama, Q5_K",
        "gguf-qwen3, bf16",
        "gguf-qwen3, Q8_0",
        "gguf-gemma, f16",
        "gguf-gemma, Q8_0",
        "gguf-gemma, Q6_K"
    })
    void ggufFilesGiveTheLogitsOfTheirDequantisedWeights(String name, String type) {
        Path folder = Golden.folder(name);
        try (ModelFiles files = ModelFiles.open(folder.resolve("model-" + type + ".gguf"));
                SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"));
                Ops cpu = CpuOps.create(new CpuOptions(2, ActivationMode.F32))) {
            assertThat(files.name()).isEqualTo("model-" + type);
            sequences(Network.frozen(files.spec(), files.weights(), cpu), golden, type + ".seq.", false);
        }
    }

    private static void sequences(Network network, SafetensorsFile golden, String prefix, boolean hiddenToo) {
        int count = 0;
        for (; golden.tensors().containsKey("seq." + count + ".input_ids"); count++) {
            int[] tokens = Golden.ids(golden.tensor("seq." + count + ".input_ids"));
            Tensor hidden = network.hidden(tokens, packed(tokens), Optional.empty(), Adaptation.NONE, Tape.off());
            Tensor logits = network.logits(hidden, Adaptation.NONE, Tape.off());
            if (hiddenToo) {
                Golden.isClose(network.ops().read(hidden), golden.tensor("seq." + count + ".last_hidden"));
            }
            Golden.isClose(network.ops().read(logits), golden.tensor(prefix + count + ".logits"));
            network.ops().workspace().reset();
        }
        assertThat(count).isGreaterThan(1);
    }

    /** Token by token through a cache, each the likeliest. */
    private static void greedy(Network network, SafetensorsFile golden) {
        Ops ops = network.ops();
        int[] expected = Golden.ids(golden.tensor("greedy.ids"));
        PagedCache cache = new PagedCache(network.spec(), 1, ops);
        int[] tokens = Golden.ids(golden.tensor("greedy.prompt"));
        for (int n = 0; n < expected.length; n++) {
            Tensor hidden =
                    network.hidden(tokens, cache.grow(tokens.length), Optional.of(cache), Adaptation.NONE, Tape.off());
            Tensor last = hidden.rows(tokens.length - 1, tokens.length);
            float[] logits = ops.read(network.logits(last, Adaptation.NONE, Tape.off()));
            Golden.isClose(logits, golden.tensor("greedy.logits").rows(n, n + 1));
            int best = IntStream.range(0, logits.length).reduce(0, (a, b) -> logits[b] > logits[a] ? b : a);
            assertThat(best).as("greedy token %s", n).isEqualTo(expected[n]);
            tokens = new int[] {best};
            ops.workspace().reset();
        }
    }

    /** Compares what it sees of the last sequence. */
    private record Deep(SafetensorsFile golden, Ops ops) implements Observer {
        @Override
        public void embedded(Tensor x) {
            Golden.isClose(ops.read(x), golden.tensor("deep.embed_out"));
        }

        @Override
        public void residual(int layer, Tensor h) {
            Golden.isClose(ops.read(h), golden.tensor("deep.layer." + layer));
        }

        @Override
        public boolean wantsAttention(int layer) {
            return golden.tensors().containsKey("deep.attn." + layer);
        }

        @Override
        public void attention(int layer, int sequence, Tensor probabilities) {
            Golden.isClose(ops.read(probabilities), golden.tensor("deep.attn." + layer));
        }
    }

    private static int[] last(SafetensorsFile golden) {
        int count = 0;
        while (golden.tensors().containsKey("seq." + (count + 1) + ".input_ids")) {
            count++;
        }
        return Golden.ids(golden.tensor("seq." + count + ".input_ids"));
    }

    private static Batch packed(int[] tokens) {
        return Batch.packed(tokens.length);
    }
}
