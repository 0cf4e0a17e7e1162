package io.orrery.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import io.orrery.cli.model.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainCommandTest {
    @TempDir
    Path home;

    Path job;

    @BeforeEach
    void write() throws IOException {
        TinyModel.write(home.resolve("tiny"));
        Files.writeString(home.resolve("train.jsonl"), "{\"prompt\":\"hello\",\"completion\":\" world\"}\n".repeat(4));
        job = job("{max_steps: 3, batch_size: 2, lora: {rank: 2}}");
    }

    private Path job(String hyperparameters) throws IOException {
        return Files.writeString(home.resolve("job.yaml"), """
                model: tiny
                training_file: train.jsonl
                method:
                  type: supervised
                  supervised:
                    hyperparameters: %s
                """.formatted(hyperparameters));
    }

    private CommandRun train(String... more) {
        return CommandRun.of(
                home,
                Stream.concat(
                                Stream.of(
                                        "train",
                                        job.toString(),
                                        "--output",
                                        home.resolve("out").toString(),
                                        "-t",
                                        "1"),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    @Test
    void theModelAndTheDataLieBesideTheJobAndTheAdapterIsThereAtTheEnd() {
        CommandRun run = train("--json");
        assertThat(run.exit()).as(run.err()).isZero();
        List<JsonNode> lines =
                run.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.subList(0, 3))
                .extracting(line -> line.path("step").asInt())
                .containsExactly(1, 2, 3);
        assertThat(lines.getLast().path("steps").asInt()).isEqualTo(3);
        assertThat(home.resolve("out/adapter_model.safetensors")).exists();
    }

    @Test
    void aResultThatIsThereIsNotOverwritten() throws IOException {
        Files.createDirectories(home.resolve("out"));
        CommandRun run = train();
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("is there already");
        assertThat(home.resolve("out")).isEmptyDirectory();
    }

    @Test
    void aWrongSettingNamesTheFileTheLineAndTheNearest() throws IOException {
        job = job("{n_epoch: 3}");
        CommandRun run = train();
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("job.yaml line 3", "n_epoch", "n_epochs");
    }

    @Test
    void dataWhoseJsonBreaksNamesItsLine() throws IOException {
        Files.writeString(home.resolve("train.jsonl"), "{\"text\":\"a\"}\n".repeat(6) + "{\"text\":\n");
        CommandRun run = train();
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("train.jsonl", "line 7");
        assertThat(home.resolve("out")).doesNotExist();
    }
}
