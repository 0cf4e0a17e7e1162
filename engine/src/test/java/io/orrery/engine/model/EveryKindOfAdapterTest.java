package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.checkpoint.safetensors.SafetensorsWriter;
import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An adapter that changes everything that PEFT lets one change: as a patch it computes what the merged weights do. */
class EveryKindOfAdapterTest {
    private static final int[] TOKENS = {3, 1, 4, 1, 5, 9, 2, 6};
    private static final int RANK = 2;

    private final Ops ops = CpuOps.create(new CpuOptions(2, ActivationMode.F32));
    private final Random random = new Random(11);

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        ops.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"LLAMA", "LLAMA_TIED", "QWEN2", "GEMMA", "STARCODER2", "PHI3", "OPT"})
    void aPatchComputesWhatTheMergedWeightsDo(TinyModels model) throws IOException {
        CausalLm spec = model.spec();
        try (PeftAdapter adapter = write(spec)) {
            Network network = Network.frozen(spec, model.weights(), ops);
            Adaptation patch = LoraAdaptation.all(LoraAdapter.load(adapter, network));
            Merged merged = Merged.of(spec, model.weights(), adapter.tensors(), Optional.empty());
            assertThat(merged.spec().head().tied()).isFalse();
            float[] want = logits(Network.frozen(merged.spec(), merged.weights(), ops), Adaptation.NONE, TOKENS);
            float[] got = logits(network, patch, TOKENS);
            assertThat(got).isNotEqualTo(logits(network, Adaptation.NONE, TOKENS));
            for (int i = 0; i < want.length; i++) {
                assertThat(got[i]).as("logit %s", i).isCloseTo(want[i], within(2e-4f + 2e-4f * Math.abs(want[i])));
            }
        }
    }

    @Test
    void aRowKnowsNothingOfTheAdaptersBesideIt() throws IOException {
        CausalLm spec = TinyModels.QWEN2.spec();
        try (PeftAdapter adapter = write(spec)) {
            Network network = Network.frozen(spec, TinyModels.QWEN2.weights(), ops);
            LoraAdapter whole = LoraAdapter.load(adapter, network);
            LoraAdapter pairs = TinyAdapters.everywhere(spec, 4, ops);
            int n = TOKENS.length;
            float[] alone = logits(network, LoraAdaptation.all(whole), TOKENS);
            float[] batch = logits(
                    network,
                    LoraAdaptation.of(List.of(
                            new LoraAdaptation.Range(whole, 0, n),
                            new LoraAdaptation.Range(pairs, n, 2 * n),
                            new LoraAdaptation.Range(whole, 3 * n, 4 * n))),
                    TOKENS,
                    TOKENS,
                    TOKENS,
                    TOKENS);
            assertThat(Arrays.copyOf(batch, alone.length)).isEqualTo(alone);
            assertThat(Arrays.copyOfRange(batch, 3 * alone.length, 4 * alone.length))
                    .isEqualTo(alone);
            assertThat(Arrays.copyOfRange(batch, 2 * alone.length, 3 * alone.length))
                    .isEqualTo(logits(network, Adaptation.NONE, TOKENS));
        }
    }

    @Test
    void whatTheAdapterTookIsGivenBack() throws IOException {
        CausalLm spec = TinyModels.QWEN2.spec();
        try (PeftAdapter adapter = write(spec)) {
            LoraAdapter loaded = LoraAdapter.load(adapter, Network.frozen(spec, TinyModels.QWEN2.weights(), ops));
            assertThat(loaded.bytes()).isPositive();
            loaded.free();
            assertThatThrownBy(loaded::free).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void normsAreNoAdapters() throws IOException {
        CausalLm spec = TinyModels.LLAMA.spec();
        config("");
        SafetensorsWriter.write(
                folder.resolve("adapter_model.safetensors"),
                Map.of("base_model.model.model.layers.0.input_layernorm.weight", tensor(16)),
                Map.of());
        try (PeftAdapter adapter = PeftAdapter.open(folder)) {
            Network network = Network.frozen(spec, TinyModels.LLAMA.weights(), ops);
            assertThatThrownBy(() -> LoraAdapter.load(adapter, network))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("model.layers.0.input_layernorm.weight");
        }
    }

    private float[] logits(Network network, Adaptation adaptation, int[]... sequences) {
        int[] lengths =
                Arrays.stream(sequences).mapToInt(tokens -> tokens.length).toArray();
        int[] tokens = Arrays.stream(sequences).flatMapToInt(Arrays::stream).toArray();
        Tensor hidden = network.hidden(tokens, Batch.packed(lengths), Optional.empty(), adaptation, Tape.off());
        float[] logits = ops.read(network.logits(hidden, adaptation, Tape.off()));
        ops.workspace().reset();
        return logits;
    }

    /** DoRA pairs everywhere in block 0, plain ones in block 1, new biases and weights, pairs for embedding and head. */
    private PeftAdapter write(CausalLm spec) throws IOException {
        WeightNames names = WeightNames.of(spec);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (WeightSpec weight : Weights.of(spec)) {
            String name = "base_model.model." + names.huggingFace(weight.name());
            String module = name.substring(0, name.lastIndexOf('.'));
            if (weight.name().endsWith("blk.1.ffn_down.weight")) {
                tensors.put(name, tensor(weight.shape()));
            } else if (weight.name().startsWith("blk.") && weight.shape().rank() == 2) {
                pair(tensors, module, weight.shape());
                if (weight.name().startsWith("blk.0.")) {
                    tensors.put(
                            module + ".lora_magnitude_vector",
                            tensor(weight.shape().rows()));
                }
            } else if (weight.name().matches("blk\\.\\d+\\.attn_[qk].bias|blk\\.0\\.ffn_up\\.bias")) {
                tensors.put(module + ".base_layer.bias", tensor(weight.shape()));
            }
        }
        Shape table = Weights.of(spec).getFirst().shape();
        String embedding = "base_model.model." + names.huggingFace("token_embd");
        tensors.put(embedding + ".lora_embedding_A", tensor(RANK, table.rows()));
        tensors.put(embedding + ".lora_embedding_B", tensor(table.cols(), RANK));
        pair(tensors, "base_model.model.lm_head", table);
        config("");
        SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), tensors, Map.of());
        return PeftAdapter.open(folder);
    }

    private void pair(Map<String, Tensor> tensors, String module, Shape shape) {
        tensors.put(module + ".lora_A.weight", tensor(RANK, shape.cols()));
        tensors.put(module + ".lora_B.weight", tensor(shape.rows(), RANK));
    }

    private void config(String more) throws IOException {
        Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"peft_type\":\"LORA\",\"r\":" + RANK + ",\"lora_alpha\":3,\"bias\":\"all\"" + more + "}");
    }

    private Tensor tensor(Shape shape) {
        return tensor(shape.dims().stream().mapToLong(Long::longValue).toArray());
    }

    private Tensor tensor(long... dims) {
        return TinyModels.gaussian(random, Shape.of(dims), dims.length == 1 ? 1 : 0);
    }
}
