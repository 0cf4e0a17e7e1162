package io.orrery.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import io.orrery.cli.platform.StubPlatform;
import io.orrery.engine.checkpoint.gguf.GgufWriter;
import io.orrery.engine.checkpoint.safetensors.SafetensorsWriter;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InspectCommandTest {
    @TempDir
    Path home;

    @BeforeEach
    void write() throws IOException {
        Tensor weight = new Tensor(
                DType.F32, Shape.of(3, 4), new HostMemory(Arena.ofAuto().allocate(48)));
        SafetensorsWriter.write(home.resolve("model.safetensors"), Map.of("a.weight", weight), Map.of("format", "pt"));
        GgufWriter.write(
                home.resolve("model.gguf"),
                Map.of("general.architecture", "llama"),
                Map.of("token_embd.weight", weight));
        Files.writeString(home.resolve("config.json"), "{\"model_type\": \"llama\", \"hidden_size\": 4}");
    }

    private JsonNode json(String file) {
        CommandRun run = CommandRun.of(home, "inspect", home.resolve(file).toString(), "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        return JsonMapper.shared().readTree(run.out());
    }

    @Test
    void aSafetensorsFileIsCountedByDtype() {
        JsonNode facts = json("model.safetensors");
        assertThat(facts.path("format").asString()).isEqualTo("safetensors");
        assertThat(facts.path("parameters").asLong()).isEqualTo(12);
        assertThat(facts.path("dtypes").path("F32").asLong()).isEqualTo(12);
        assertThat(facts.path("metadata").path("format").asString()).isEqualTo("pt");
        assertThat(facts.path("tensors").path(0).toString()).contains("\"name\":\"a.weight\"", "\"shape\":[3,4]");
    }

    @Test
    void aGgufFileTellsItsArchitecture() {
        JsonNode facts = json("model.gguf");
        assertThat(facts.path("architecture").asString()).isEqualTo("llama");
        assertThat(facts.path("tensors").path(0).path("shape").toString()).isEqualTo("[3,4]");
    }

    @Test
    void aFolderIsLookedThroughFileByFile() {
        CommandRun run = CommandRun.of(home, "inspect", home.toString());
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains(
                        "config.json  config, llama",
                        "hidden_size: 4",
                        "model.gguf  gguf, llama",
                        "12 parameters (12) in 1 tensors, 48 B",
                        "F32   1        12          48 B");
    }

    @Test
    void layersThatAreAlikeAreOneRow() throws IOException {
        Path model = TinyModel.write(home.resolve("tiny"));
        String grouped = CommandRun.of(home, "inspect", model.toString()).out();
        assertThat(grouped).contains("model.layers.*.self_attn.q_proj.weight").doesNotContain("layers.1.self_attn");
        assertThat(grouped.lines().filter(line -> line.contains("q_proj"))).allMatch(line -> line.endsWith("0-1"));
        assertThat(CommandRun.of(home, "inspect", model.toString(), "--tensors").out())
                .contains("model.layers.1.self_attn.q_proj.weight");
    }

    @Test
    void rangesSayWhichLayers() {
        assertThat(TensorGroups.ranges(new TreeSet<>(Set.of(0, 1, 2, 5, 7, 8)))).isEqualTo("0-2, 5, 7-8");
        assertThat(TensorGroups.ranges(new TreeSet<>())).isEmpty();
    }

    @Test
    void aFolderTellsHowItReadsAndWritesText() throws IOException {
        Path model = TinyModel.write(home.resolve("tiny"));
        String lines = CommandRun.of(home, "inspect", model.toString()).out();
        assertThat(lines)
                .contains("tokenizer: BPE, 263 tokens, 3 of them special: <|user|> 0, <|assistant|> 1, <|end|> 2")
                .contains("chat template:", "  | {% for m in messages %}");
        Files.writeString(model.resolve("chat_template.jinja"), "a\n".repeat(20) + "{{ 'end' }}");
        assertThat(CommandRun.of(home, "inspect", model.toString()).out())
                .contains("chat template, its beginning (whole with --template):")
                .doesNotContain("{{ 'end' }}");
        assertThat(CommandRun.of(home, "inspect", model.toString(), "--template")
                        .out())
                .contains("chat template:", "  | {{ 'end' }}");
        JsonNode text = CommandRun.of(home, "inspect", model.toString(), "--json")
                .out()
                .lines()
                .map(JsonMapper.shared()::readTree)
                .filter(line -> line.path("format").asString().equals("text"))
                .findFirst()
                .orElseThrow();
        assertThat(text.path("tokenizer").path("vocab_size").asInt()).isEqualTo(263);
        assertThat(text.path("tokenizer").path("special_tokens").size()).isEqualTo(3);
        assertThat(text.path("chat_template").asString()).endsWith("{{ 'end' }}");
    }

    @Test
    void aTokenizerThatCannotBeReadIsAFindingAndAFailure() throws IOException {
        Files.writeString(home.resolve("tokenizer.json"), "{\"model\": {\"type\": \"BPE\"");
        CommandRun run = CommandRun.of(home, "inspect", home.toString());
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("finding: tokenizer.json is no JSON");
    }

    @Test
    void quantisationHasALineAKey() throws IOException {
        Files.writeString(
                home.resolve("config.json"),
                "{\"model_type\": \"llama\", \"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4}}");
        assertThat(CommandRun.of(home, "inspect", home.resolve("config.json").toString())
                        .out())
                .contains("quantization_config.quant_method: gptq", "quantization_config.bits: 4");
    }

    @Test
    void aFileThatIsCutOffIsAFindingAndAFailure() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(home.resolve("model.safetensors").toFile(), "rw")) {
            file.setLength(file.length() - 8);
        }
        CommandRun run =
                CommandRun.of(home, "inspect", home.resolve("model.safetensors").toString());
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("finding: ");
    }

    @Test
    void aConfigThatBreaksNamesItsLine() throws IOException {
        Files.writeString(home.resolve("config.json"), "{\n\"a\": 1,\n\"b\": }\n");
        assertThat(CommandRun.of(home, "inspect", home.resolve("config.json").toString())
                        .out())
                .contains("no JSON at line 3");
    }

    @Test
    void aRepositoryIsWhatTheRegistryFound() throws IOException {
        try (StubPlatform platform = new StubPlatform()) {
            platform.on(
                    "GET /api/models/lab/m/revision/main",
                    "{\"_id\":\"1\",\"id\":\"lab/m\",\"sha\":\"abc\",\"tags\":[],\"config\":{\"model_type\":\"qwen3\"},\"safetensors\":{\"parameters\":{\"BF16\":2000},\"total\":2000},"
                            + "\"inspection\":{\"findings\":[{\"path\":\"x.gguf\",\"message\":\"is cut off\"}],\"lineage\":[{\"repo\":\"lab/base\",\"relation\":\"adapter\",\"source\":\"README.md\"}]}}");
            CommandRun run =
                    CommandRun.of(home, "inspect", "lab/m", "--url", platform.url(), "--token", StubPlatform.KEY);
            assertThat(run.out())
                    .contains("qwen3", "2.0 k (2000)", "BF16 2.0 k", "x.gguf: is cut off", "adapter       lab/base");
        }
    }

    @Test
    void aPathThatIsNotThereIsNotTakenForARepository() {
        CommandRun run = CommandRun.of(home, "inspect", "./none.gguf");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("orrery: there is no file or folder ./none.gguf" + System.lineSeparator());
    }
}
