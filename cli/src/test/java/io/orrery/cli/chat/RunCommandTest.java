package io.orrery.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import io.orrery.cli.model.TinyModel;
import io.orrery.cli.platform.StubPlatform;
import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.checkpoint.peft.PeftConfig;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
    private static final String STREAM =
            "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n: still there\n\n"
                    + "data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n"
                    + "data: {\"choices\":[{\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}\n\n";

    @TempDir
    Path home;

    private CommandRun ask(StubPlatform platform, String... more) {
        return CommandRun.of(
                home,
                Stream.concat(
                                Stream.of(
                                        "run",
                                        "lab/tiny",
                                        "-p",
                                        "Hi",
                                        "--url",
                                        platform.url(),
                                        "--token",
                                        StubPlatform.KEY),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    @Test
    void aRepositoryIsAskedThroughThePlatformPieceByPiece() throws IOException {
        try (StubPlatform platform = new StubPlatform()) {
            platform.on("POST /v1/chat/completions", STREAM + "data: [DONE]\n\n");
            CommandRun run = ask(
                    platform, "--system", "Be brief.", "--lora", "lab/animals", "--temperature", "0", "--seed", "3");
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.out()).isEqualTo("Hello" + System.lineSeparator());
            assertThat(platform.requests.getLast().body())
                    .contains(
                            "\"model\":\"lab/tiny:lab/animals\"",
                            "\"stream\":true",
                            "\"seed\":3",
                            "\"temperature\":0.0")
                    .contains("{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Hi\"}");
        }
    }

    @Test
    void anErrorInTheStreamEndsTheAnswerWithItsSentence() throws IOException {
        try (StubPlatform platform = new StubPlatform()) {
            platform.on(
                    "POST /v1/chat/completions", STREAM + "data: {\"error\":{\"message\":\"the worker is gone\"}}\n\n");
            CommandRun run = ask(platform);
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("orrery: the worker is gone");
        }
    }

    @Test
    void aStreamThatIsCutOffIsNoAnswer() throws IOException {
        try (StubPlatform platform = new StubPlatform()) {
            platform.on("POST /v1/chat/completions", STREAM);
            CommandRun run = ask(platform);
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("broke off").contains("before it was whole");
        }
    }

    @Test
    void anUnknownModelIsSaidInThePlatformsWords() throws IOException {
        try (StubPlatform platform = new StubPlatform()) {
            platform.on(
                    "POST /v1/chat/completions",
                    _ -> new StubPlatform.Answer(
                            404,
                            "{\"error\":{\"message\":\"The model 'lab/tiny' does not exist\",\"param\":\"model\"}}"));
            CommandRun run = ask(platform);
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("The model 'lab/tiny' does not exist");
        }
    }

    @Test
    void aWrongKeySaysHowToLogIn() throws IOException {
        try (StubPlatform platform = new StubPlatform()) {
            CommandRun run =
                    CommandRun.of(home, "run", "lab/tiny", "-p", "Hi", "--url", platform.url(), "--token", "hf_wrong");
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("this key is not known").contains("orrery login --url " + platform.url());
        }
    }

    @Test
    void aFolderIsLoadedHereAndTheSameSeedSaysTheSame() throws IOException {
        Path model = TinyModel.write(home.resolve("tiny"));
        String[] command = {"run", model.toString(), "-p", "hello", "--max-tokens", "12", "--seed", "5"};
        CommandRun first = CommandRun.of(home, command);
        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(first.out().strip()).isNotEmpty();
        assertThat(CommandRun.of(home, command).out()).isEqualTo(first.out());
    }

    @Test
    void anAdapterChangesWhatIsSaid() throws IOException {
        Path model = TinyModel.write(home.resolve("tiny"));
        Path adapter = Files.createDirectories(home.resolve("adapter"));
        PeftConfig config =
                new PeftConfig("tiny", Optional.empty(), 1, 1, List.of("q_proj"), 0, false, Map.of(), Map.of(), false);
        PeftAdapter.write(
                adapter,
                config,
                Map.of("model.layers.0.self_attn.q_proj", new PeftAdapter.Pair(full(1, 16), full(16, 1), 1)));
        String[] plain = {"run", model.toString(), "-p", "hello world hello", "--max-tokens", "30", "--temperature", "0"
        };
        CommandRun base = CommandRun.of(home, plain);
        CommandRun tuned = CommandRun.of(
                home,
                Stream.concat(Stream.of(plain), Stream.of("--lora", adapter.toString()))
                        .toArray(String[]::new));
        assertThat(tuned.exit()).as(tuned.err()).isZero();
        assertThat(tuned.out()).isNotEqualTo(base.out());
    }

    private static Tensor full(int rows, int columns) {
        MemorySegment bytes = Arena.ofAuto().allocate(4L * rows * columns);
        for (int i = 0; i < rows * columns; i++) {
            bytes.setAtIndex(ValueLayout.JAVA_FLOAT, i, 5f);
        }
        return new Tensor(DType.F32, Shape.of(rows, columns), new HostMemory(bytes));
    }

    @Test
    void whatDoesNotFitTheContextIsSaid() throws IOException {
        Path model = TinyModel.write(home.resolve("tiny"));
        CommandRun run = CommandRun.of(home, "run", model.toString(), "-p", "x".repeat(100));
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("context holds 64");
    }

    @Test
    void twoAdaptersAreRefused() {
        CommandRun run = CommandRun.of(home, "run", "m", "--lora", "a", "--lora", "b");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("2 were named: a, b");
    }
}
