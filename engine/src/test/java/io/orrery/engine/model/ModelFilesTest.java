package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.TinyTensors;
import io.orrery.engine.checkpoint.safetensors.SafetensorsWriter;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Recoded;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Opening a Hugging Face folder: what is accepted, what is ignored, and the sentence for everything else. */
class ModelFilesTest {
    @TempDir
    Path temp;

    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temp.resolve("tiny"));
    }

    @ParameterizedTest
    @EnumSource
    void aWrittenModelOpens(TinyModels model) {
        ModelWriter.write(folder, model.spec(), model.config("'max_position_embeddings':77"), model.weights());
        try (ModelFiles files = ModelFiles.open(folder)) {
            assertThat(files.name()).isEqualTo("tiny");
            assertThat(files.path()).isEqualTo(folder);
            assertThat(files.spec()).isEqualTo(model.spec());
            assertThat(files.contextLength()).isEqualTo(77);
            assertThat(files.stopTokens()).isEmpty();
            assertThat(files.config()).isPresent();
            assertThat(files.gguf()).isEmpty();
            assertThat(files.chatFormat()).isEmpty();
            assertThat(files.weights().keySet())
                    .containsExactlyInAnyOrderElementsOf(Weights.of(model.spec()).stream()
                            .map(WeightSpec::name)
                            .toList());
            assertThatThrownBy(files::tokenizer)
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("has no tokenizer.json");
        }
    }

    @Test
    void buffersOfOldFilesAndTheHeadOfATiedModelAreIgnored() throws IOException {
        Map<String, Tensor> tensors = theirs(TinyModels.LLAMA_TIED);
        tensors.put("model.layers.1.self_attn.rotary_emb.inv_freq", gaussian(2));
        tensors.put("lm_head.weight", gaussian(TinyModels.VOCAB, 16));
        write(TinyModels.LLAMA_TIED, tensors, "");
        try (ModelFiles files = ModelFiles.open(folder)) {
            assertThat(files.weights()).doesNotContainKey("output.weight").hasSize(tensors.size() - 2);
        }
    }

    @Test
    void aMissingHeadMeansATiedOneWhereTheConfigurationIsSilent() throws IOException {
        Map<String, Tensor> tensors = theirs(TinyModels.MISTRAL);
        tensors.remove("lm_head.weight");
        write(TinyModels.MISTRAL, tensors, "");
        try (ModelFiles files = ModelFiles.open(folder)) {
            assertThat(files.spec().head().tied()).isTrue();
        }
        write(TinyModels.MISTRAL, tensors, "'tie_word_embeddings':false");
        assertThatThrownBy(() -> ModelFiles.open(folder)).hasMessageContaining("1 missing (lm_head.weight [13, 16])");
    }

    @Test
    void everyMissingForeignAndMisshapedTensorIsCounted() throws IOException {
        Map<String, Tensor> tensors = theirs(TinyModels.LLAMA_TIED);
        for (int layer = 0; layer < 2; layer++) {
            tensors.remove("model.layers." + layer + ".mlp.up_proj.weight");
            tensors.remove("model.layers." + layer + ".mlp.down_proj.weight");
            tensors.remove("model.layers." + layer + ".input_layernorm.weight");
        }
        tensors.put("visual.patch_embed.weight", gaussian(4, 4));
        tensors.put("lm_head.weight", gaussian(TinyModels.VOCAB + 1, 16));
        tensors.put("model.norm.weight", gaussian(15));
        write(TinyModels.LLAMA_TIED, tensors, "");
        assertThatThrownBy(() -> ModelFiles.open(folder))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(
                        folder + ": the tensors do not fit the model that the configuration describes: ")
                .hasMessageContaining("6 missing (model.layers.0.input_layernorm.weight [16], ")
                .hasMessageContaining(" and 2 more)")
                .hasMessageContaining("2 not part of such a model (lm_head.weight, visual.patch_embed.weight)")
                .hasMessageEndingWith("1 of another shape (model.norm.weight is [15] and not [16])");
    }

    @Test
    void aConfigurationThatIsNotRunNamesTheFolder() throws IOException {
        write(TinyModels.LLAMA_TIED, theirs(TinyModels.LLAMA_TIED), "'hidden_act':'snake'");
        assertThatThrownBy(() -> ModelFiles.open(folder))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(folder + ": ")
                .hasMessageContaining("hidden_act 'snake'");
        write(TinyModels.LLAMA_TIED, theirs(TinyModels.LLAMA_TIED), "'quantization_config':{'quant_method':'hqq'}");
        assertThatThrownBy(() -> ModelFiles.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(folder + ": ")
                .hasMessageContaining("'hqq', which is not supported");
    }

    /** AutoGPTQ writes a bias for every projection that it quantises. */
    @Test
    void biasesOfZeroThatTheModelDoesNotHaveAreLeftOut() throws IOException {
        String gptq = "'quantization_config':{'quant_method':'gptq'}";
        Map<String, Tensor> tensors = theirs(TinyModels.LLAMA_TIED);
        tensors.put("model.layers.0.mlp.up_proj.bias", TinyTensors.f32(Shape.of(2), 0, -0f));
        write(TinyModels.LLAMA_TIED, tensors, gptq);
        try (ModelFiles files = ModelFiles.open(folder)) {
            assertThat(files.weights()).doesNotContainKey("blk.0.ffn_up.bias");
        }
        tensors.put("model.layers.0.mlp.up_proj.bias", TinyTensors.f32(Shape.of(2), 0, 1));
        write(TinyModels.LLAMA_TIED, tensors, gptq);
        assertThatThrownBy(() -> ModelFiles.open(folder)).hasMessageContaining("1 not part of such a model");
    }

    @Test
    void doublesAndNumbersOfOneByteAreComputedWithAsOthers() throws IOException {
        Map<String, Tensor> tensors = theirs(TinyModels.LLAMA_TIED);
        byte[] bytes = new byte[(int) tensors.get("model.embed_tokens.weight").elements()];
        Arrays.fill(bytes, (byte) 0x39);
        tensors.computeIfPresent(
                "model.embed_tokens.weight",
                (_, was) -> new Tensor(DType.F8_E4M3, was.shape(), new HostMemory(MemorySegment.ofArray(bytes))));
        tensors.computeIfPresent("model.norm.weight", (_, was) -> Recoded.as(DType.F64, was));
        write(TinyModels.LLAMA_TIED, tensors, "");
        try (ModelFiles files = ModelFiles.open(folder)) {
            Tensor embedding = files.weights().get("token_embd.weight");
            assertThat(embedding.dtype()).isEqualTo(DType.BF16);
            assertThat(embedding.decode()).containsOnly(1.125f);
            assertThat(files.weights().get("output_norm.weight").dtype()).isEqualTo(DType.F32);
        }
    }

    @Test
    void stopTokensAreThoseOfAllFiles() throws IOException {
        write(TinyModels.LLAMA_TIED, theirs(TinyModels.LLAMA_TIED), "'eos_token_id':2");
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [7, 9]}");
        try (ModelFiles files = ModelFiles.open(folder)) {
            assertThat(files.stopTokens()).containsExactlyInAnyOrder(2, 7, 9);
        }
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": \"</s>\"}");
        try (ModelFiles files = ModelFiles.open(folder)) {
            assertThatThrownBy(files::stopTokens)
                    .hasMessage(
                            "'eos_token_id' in generation_config.json is \"</s>\"; it must be a token id or a list of"
                                    + " them");
        }
    }

    @Test
    void theTextOfTheEndTokenIsLookedUpInTheTokenizer() throws IOException {
        write(TinyModels.LLAMA_TIED, theirs(TinyModels.LLAMA_TIED), "'eos_token_id':null");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": {\"content\": \"<end>\"}}");
        Files.writeString(folder.resolve("tokenizer.json"), """
            {"added_tokens": [{"id": 1, "content": "<end>", "special": true, "single_word": false, "lstrip": false,
              "rstrip": false, "normalized": false}],
             "normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null,
             "model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}
            """);
        try (ModelFiles files = ModelFiles.open(folder)) {
            assertThat(files.tokenizer().id("<end>")).hasValue(1);
            assertThat(files.tokenizer()).isSameAs(files.tokenizer());
            assertThat(files.stopTokens()).containsExactly(1);
        }
    }

    @Test
    void aFolderThatIsNotThereIsSaidToBeMissing() {
        assertThatThrownBy(() -> ModelFiles.open(temp.resolve("none")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("none: there is no such folder");
    }

    private static Map<String, Tensor> theirs(TinyModels model) {
        Map<String, Tensor> theirs = new LinkedHashMap<>();
        model.weights()
                .forEach((name, tensor) ->
                        theirs.put(WeightNames.of(model.spec()).huggingFace(name), tensor));
        return theirs;
    }

    private static Tensor gaussian(long... dims) {
        return TinyModels.gaussian(new Random(1), Shape.of(dims), 0);
    }

    private void write(TinyModels model, Map<String, Tensor> tensors, String more) throws IOException {
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        Files.writeString(folder.resolve("config.json"), model.config(more).toString());
    }
}
