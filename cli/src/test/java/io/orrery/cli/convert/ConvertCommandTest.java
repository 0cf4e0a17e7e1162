package io.orrery.cli.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import io.orrery.cli.model.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConvertCommandTest {
    @TempDir
    Path home;

    private String hub;

    @BeforeEach
    void write() throws IOException {
        hub = TinyModel.write(home.resolve("hub")).toString();
    }

    private String path(String name) {
        return home.resolve(name).toString();
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(home, arguments);
    }

    private JsonNode logits(String model) {
        CommandRun run = run("logits", model, "-p", "hello", "--top", "3");
        assertThat(run.exit()).as(run.err()).isZero();
        return JsonMapper.shared().readTree(run.out().lines().findFirst().orElseThrow());
    }

    @Test
    void aFolderBecomesAFileAndAFolderAgainThatAnswersAlike() {
        CommandRun there = run("convert", hub, path("m.gguf"), "--dtype", "f32");
        assertThat(there.exit()).as(there.err()).isZero();
        assertThat(there.out()).contains("m.gguf: ", " bits per weight, ", " MB/s of input");
        CommandRun back = run("convert", path("m.gguf"), path("back"));
        assertThat(back.exit()).as(back.err()).isZero();
        assertThat(home.resolve("back"))
                .isDirectoryContaining("glob:**model.safetensors")
                .isDirectoryContaining("glob:**tokenizer.json")
                .isDirectoryContaining("glob:**generation_config.json");
        assertThat(logits(path("m.gguf"))).isEqualTo(logits(hub));
        assertThat(logits(path("back"))).isEqualTo(logits(hub));
        assertThat(run("render", path("back"), "[{\"role\": \"user\", \"content\": \"Hi\"}]")
                        .out())
                .isEqualTo(run("render", hub, "[{\"role\": \"user\", \"content\": \"Hi\"}]")
                        .out())
                .contains("<|user|>");
    }

    @Test
    void whatIsThereIsKeptUnlessForced() throws IOException {
        Files.writeString(home.resolve("m.gguf"), "mine");
        CommandRun refused = run("convert", hub, path("m.gguf"));
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("is there already; --force replaces it");
        assertThat(home.resolve("m.gguf")).hasContent("mine");
        assertThat(run("convert", hub, path("m.gguf"), "--force").exit()).isZero();
        assertThat(Files.size(home.resolve("m.gguf"))).isGreaterThan(1000);
    }

    @Test
    void aFolderIsQuantisedInOneStepAndSaysSoInJson() {
        CommandRun run = run("quantize", hub, path("q.gguf"), "q8_0", "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode facts = JsonMapper.shared().readTree(run.out());
        assertThat(facts.path("output_bytes").asLong()).isPositive();
        assertThat(facts.path("bits_per_weight").asDouble()).isPositive();
        assertThat(run("inspect", path("q.gguf")).out()).contains("general.file_type: 7");
    }

    @Test
    void aTypeThatIsNoneIsASentence() {
        CommandRun run = run("quantize", hub, path("q.gguf"), "Q9");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).startsWith("orrery: there is no type 'Q9'; there are F32, F16, BF16, Q4_0,");
    }

    @Test
    void quantisingTwiceHasToBeAskedFor() {
        assertThat(run("quantize", hub, path("a.gguf"), "q8_0").exit()).isZero();
        CommandRun refused = run("quantize", path("a.gguf"), path("b.gguf"), "q4_0");
        assertThat(refused.err()).contains("is Q8_0 already", "--allow-requantize");
        assertThat(run("quantize", path("a.gguf"), path("b.gguf"), "q4_0", "--allow-requantize")
                        .exit())
                .isZero();
    }
}
