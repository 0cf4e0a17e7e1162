package io.orrery.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import io.orrery.engine.tokenizer.BpeTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenizeCommandTest {
    @TempDir
    Path home;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(
                home.resolve("tokenizer.json"), BpeTrainer.train(List.of("hello hello world"), 300, List.of("<s>")));
    }

    @Test
    void textGoesToIdsAndBack() {
        CommandRun run = CommandRun.of(home, "tokenize", home.toString(), "hello world");
        JsonNode shown = JsonMapper.shared().readTree(run.out());
        assertThat(shown.path("text").asString()).isEqualTo("hello world");
        assertThat(shown.path("tokens").size())
                .isEqualTo(shown.path("ids").size())
                .isPositive();
        CommandRun back = CommandRun.of(
                home, "tokenize", home.toString(), "--decode", shown.path("ids").toString());
        assertThat(JsonMapper.shared().readTree(back.out()).path("text").asString())
                .isEqualTo("hello world");
    }

    @Test
    void idsThatAreNoJsonAreRefusedWithTheirPlace() {
        CommandRun run = CommandRun.of(home, "tokenize", home.toString(), "--decode", "[1, x]");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("line 1, column").doesNotContain("Exception");
    }

    @Test
    void aFolderWithoutATokenizerIsNamed() throws IOException {
        Files.delete(home.resolve("tokenizer.json"));
        CommandRun run = CommandRun.of(home, "tokenize", home.toString(), "a");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("tokenizer.json").hasLineCount(1);
    }
}
