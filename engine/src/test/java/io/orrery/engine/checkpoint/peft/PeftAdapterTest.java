package io.orrery.engine.checkpoint.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.TinyTensors;
import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.engine.checkpoint.safetensors.SafetensorsWriter;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PeftAdapterTest {
    private static final Path GOLDEN = Path.of("../../shared/golden/adapters-llama");
    private static final String Q = "model.layers.0.self_attn.q_proj";
    private static final String DOWN = "model.layers.1.mlp.down_proj";

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadBackAsF32() {
        Map<String, Pair> pairs = Map.of(
                Q, new Pair(matrix(DType.F32, 4, 6), matrix(DType.F32, 8, 4), 2),
                DOWN, new Pair(matrix(DType.BF16, 2, 5), matrix(DType.F16, 6, 2), 4));
        PeftConfig config = config(Map.of("down_proj", 2), List.of("down_proj", "q_proj"));
        PeftAdapter.write(folder.resolve("new"), config, pairs);
        try (PeftAdapter adapter = PeftAdapter.open(folder.resolve("new"))) {
            assertThat(adapter.config()).isEqualTo(config);
            assertThat(adapter.pairs().keySet()).containsExactly(Q, DOWN);
            pairs.forEach((module, pair) -> {
                Pair read = adapter.pairs().get(module);
                assertThat(read.scale()).isEqualTo(pair.scale());
                assertSame(read.a(), pair.a());
                assertSame(read.b(), pair.b());
            });
        }
    }

    @Test
    void theFilesHaveWhatOtherReadersAskFor() {
        PeftAdapter.write(folder, config(Map.of(), List.of()), Map.of(Q, pair(4)));
        JsonNode json = JsonMapper.shared().readTree(folder.resolve("adapter_config.json"));
        assertThat(json.propertyNames())
                .contains(
                        "peft_type",
                        "r",
                        "lora_alpha",
                        "target_modules",
                        "base_model_name_or_path",
                        "revision",
                        "task_type",
                        "bias",
                        "lora_dropout",
                        "use_rslora",
                        "use_dora",
                        "modules_to_save",
                        "rank_pattern",
                        "alpha_pattern",
                        "fan_in_fan_out",
                        "init_lora_weights",
                        "inference_mode");
        assertThat(json.path("lora_alpha").isInt()).isTrue();
        assertThat(json.path("target_modules").toString()).isEqualTo("[\"q_proj\"]");
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("adapter_model.safetensors"))) {
            assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
            assertThat(file.tensors())
                    .containsOnlyKeys(
                            "base_model.model." + Q + ".lora_A.weight", "base_model.model." + Q + ".lora_B.weight");
        }
    }

    @Test
    void aPairThatContradictsItsConfigurationIsNotWritten() {
        PeftConfig config = config(Map.of(), List.of());
        assertThatThrownBy(() -> PeftAdapter.write(folder, config, Map.of(Q, pair(3))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of rank 4");
        Pair wrongScale = new Pair(matrix(DType.F32, 4, 6), matrix(DType.F32, 8, 4), 1);
        assertThatThrownBy(() -> PeftAdapter.write(folder, config, Map.of(Q, wrongScale)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the scale 1.0 is not 2.0");
        assertThatThrownBy(() -> PeftAdapter.write(folder, config, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(folder).isEmptyDirectory();
    }

    /** Other spellings of the same names: without the prefix, with the adapter's name, inside PEFT's wrappers. */
    @Test
    void spellingsThatPeftLoadsAreRead() {
        writeTensors(Map.of(
                Q + ".lora_A.default.weight",
                matrix(DType.F32, 4, 6),
                "base_model.model." + Q + ".lora_B.weight",
                matrix(DType.F32, 8, 4),
                "base_model.model." + Q + ".base_layer.bias",
                TinyTensors.bytes(DType.F32, 4, 8),
                "base_model.model.lm_head.modules_to_save.default.weight",
                matrix(DType.F32, 9, 6)));
        try (PeftAdapter adapter = PeftAdapter.open(folder)) {
            assertThat(adapter.pairs()).containsOnlyKeys(Q);
            assertThat(adapter.tensors().replaced()).containsOnlyKeys("lm_head.weight", Q + ".bias");
        }
    }

    @Test
    void halfAPairIsRefused() {
        writeTensors(Map.of("base_model.model." + Q + ".lora_A.weight", matrix(DType.F32, 4, 6)));
        assertRefused("module " + Q + " has no lora_B where it has lora_A; the file is incomplete");
    }

    @Test
    void anotherRankThanTheConfigurationsIsRefused() {
        writeTensors(Map.of(
                "base_model.model." + Q + ".lora_A.weight", matrix(DType.F32, 5, 6),
                "base_model.model." + Q + ".lora_B.weight", matrix(DType.F32, 8, 5)));
        assertRefused("has A F32[5, 6] and B F32[8, 5], but adapter_config.json says rank 4 for it");
    }

    @Test
    void tensorsThatAreNoPairsAreRefused() {
        writeTensors(Map.of(Q + ".lora_C.weight", matrix(DType.F32, 4, 6)));
        assertRefused("tensor " + Q + ".lora_C.weight is no LoRA matrix of a linear layer");
        writeTensors(Map.of("base_model.model." + Q + ".lora_magnitude_vector", matrix(DType.F32, 1, 6)));
        assertRefused("that no pair of as many outputs stands beside");
        writeTensors(Map.of("base_model.model.lora_A.weight", matrix(DType.F32, 1, 6)));
        assertRefused("is no LoRA matrix");
        writeTensors(Map.of("base_model.model." + Q + ".lora_A.weight", TinyTensors.bytes(DType.I32, 1, 4, 6)));
        assertRefused("is I32[4, 6], where F32, F16 or BF16 numbers are needed");
        writeTensors(Map.of());
        assertRefused("the file holds no tensor");
    }

    @Test
    void adaptersOfPeftAreRead() {
        assumeTrue(Files.isDirectory(GOLDEN), "the golden cases are not beside this checkout");
        assertScales("lora-qv", Map.of(Q, 2.0, "model.layers.1.self_attn.v_proj", 2.0));
        assertScales("lora-all", Map.of(DOWN, 2.0));
        assertScales("rslora", Map.of(Q, 12 / Math.sqrt(6)));
        assertScales("pattern", Map.of(Q, 3 / 4.0, "model.layers.0.self_attn.k_proj", 6 / 2.0, DOWN, 8 / 7.0));
        try (PeftAdapter dora = PeftAdapter.open(GOLDEN.resolve("dora"))) {
            assertThat(dora.tensors().magnitudes().keySet())
                    .isEqualTo(dora.pairs().keySet());
        }
        try (PeftAdapter saved = PeftAdapter.open(GOLDEN.resolve("save-head"))) {
            assertThat(saved.tensors().replaced().keySet())
                    .containsExactly("lm_head.weight", "model.embed_tokens.weight");
        }
    }

    private static void assertScales(String name, Map<String, Double> scales) {
        try (PeftAdapter adapter = PeftAdapter.open(GOLDEN.resolve(name))) {
            scales.forEach((module, scale) ->
                    assertThat(adapter.pairs().get(module).scale()).as(name).isEqualTo(scale));
        }
    }

    private void assertRefused(String told) {
        assertThatThrownBy(() -> PeftAdapter.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContaining(told);
    }

    private void writeTensors(Map<String, Tensor> tensors) {
        ConfigJson.write(folder.resolve("adapter_config.json"), config(Map.of(), List.of("q_proj")));
        SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), tensors, Map.of());
    }

    private static void assertSame(Tensor read, Tensor written) {
        assertThat(read.dtype()).isEqualTo(DType.F32);
        assertThat(read.shape()).isEqualTo(written.shape());
        assertThat(TinyTensors.decoded(read)).isEqualTo(TinyTensors.decoded(written));
    }

    private static Pair pair(int rank) {
        return new Pair(matrix(DType.F32, rank, 6), matrix(DType.F32, 8, rank), 8.0 / rank);
    }

    private static Tensor matrix(DType dtype, int rows, int cols) {
        return TinyTensors.random(dtype, rows * 31L + cols, rows, cols);
    }

    private static PeftConfig config(Map<String, Integer> rankPattern, List<String> targets) {
        return new PeftConfig(
                "lab/base", Optional.of("main"), 4, 8, targets, 0.05, false, rankPattern, Map.of(), false);
    }
}
