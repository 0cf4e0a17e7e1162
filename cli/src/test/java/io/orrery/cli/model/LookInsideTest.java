package io.orrery.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LookInsideTest {
    @TempDir
    Path home;

    Path model;

    @BeforeEach
    void write() throws IOException {
        model = TinyModel.write(home.resolve("tiny"));
    }

    @Test
    void logitsAreALineATokenTheLikeliestFirst() {
        CommandRun run = CommandRun.of(home, "logits", model.toString(), "-p", "hello", "--top", "270");
        assertThat(run.exit()).as(run.err()).isZero();
        List<JsonNode> lines =
                run.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines).hasSize(270);
        assertThat(lines).extracting(line -> -line.path("logit").asDouble()).isSorted();
        double sum = lines.stream()
                .mapToDouble(line -> Math.exp(line.path("logprob").asDouble()))
                .sum();
        assertThat(sum).isCloseTo(1, Offset.offset(1e-6));
    }

    @Test
    void attentionAndLensComeBeforeTheCandidates() {
        Path page = home.resolve("inside.html");
        CommandRun run = CommandRun.of(
                home,
                "logits",
                model.toString(),
                "-p",
                "hello",
                "--top",
                "3",
                "--attention",
                "1,0",
                "--logit-lens",
                "--html",
                page.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        List<JsonNode> lines =
                run.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines.stream().filter(line -> line.has("attention")))
                .allMatch(line ->
                        line.path("attention").size() == line.path("position").asInt() + 1);
        List<JsonNode> layers = lines.stream().filter(line -> line.has("lens")).toList();
        assertThat(layers).hasSize(2);
        assertThat(layers.getLast().path("lens").path(0)).isEqualTo(lines.get(lines.size() - 3));
        assertThat(run.err()).contains("wrote " + page);
        assertThat(page).content().contains("Where the tokens look", "What each layer would say next");
    }

    @Test
    void tablesAreForPeople() {
        CommandRun run = CommandRun.of(
                home, "logits", model.toString(), "-p", "hello world", "--attention", "0,1", "--logit-lens", "--table");
        assertThat(run.out())
                .contains(
                        "Attention of layer 0, head 1",
                        "What each layer would say next",
                        "What comes next",
                        "hello  ␣   w   o");
    }

    @Test
    void anEmptyPromptIsRefused() {
        CommandRun run = CommandRun.of(home, "logits", model.toString(), "-p", "");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("the prompt has 0 tokens; it must have 1 to 64");
    }

    @Test
    void messagesAreRenderedAsTheTemplateSays() {
        String messages = "[{\"role\":\"user\",\"content\":\"hi\"}]";
        assertThat(CommandRun.of(home, "render", model.toString(), messages)
                        .out()
                        .strip())
                .isEqualTo("{\"text\":\"<|user|>hi<|end|><|assistant|>\"}");
        assertThat(CommandRun.of(
                                home,
                                "render",
                                model.toString(),
                                "{\"messages\":" + messages + "}",
                                "--no-generation-prompt")
                        .out()
                        .strip())
                .isEqualTo("{\"text\":\"<|user|>hi<|end|>\"}");
    }

    @Test
    void messagesThatAreNoneAreRefused() {
        CommandRun run = CommandRun.of(home, "render", model.toString(), "[1]");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("must be an array of objects");
        assertThat(CommandRun.of(home, "render", model.toString(), "[{").err()).contains("at line 1, column");
    }

    @Test
    void aModelWithoutATemplateIsNamed() throws IOException {
        Files.delete(model.resolve("chat_template.jinja"));
        assertThat(CommandRun.of(home, "render", model.toString(), "[]").err()).contains("has no chat template");
    }

    @Test
    void benchReportsBothTestsAsLlamaBenchDoes() {
        CommandRun run =
                CommandRun.of(home, "bench", model.toString(), "-p", "8", "-n", "4", "-t", "1", "-r", "2", "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        List<JsonNode> lines =
                run.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines).extracting(line -> line.path("n_prompt").asInt()).containsExactly(8, 0);
        assertThat(lines).extracting(line -> line.path("n_gen").asInt()).containsExactly(0, 4);
        assertThat(lines)
                .allMatch(line -> line.path("samples_ts").size() == 2
                        && line.path("avg_ts").asDouble() > 0
                        && line.path("n_threads").asInt() == 1);
        assertThat(CommandRun.of(home, "bench", model.toString(), "-p", "8", "-n", "4", "-r", "1")
                        .out())
                .contains("pp8", "tg4", "MiB");
    }

    @Test
    void benchDoesNotMeasureWhatDoesNotFit() {
        CommandRun run = CommandRun.of(home, "bench", model.toString(), "-p", "512");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("context of 64 tokens does not hold 513");
    }
}
