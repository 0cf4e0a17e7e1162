package io.orrery.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.openai.FineTuningEvent;
import io.orrery.api.openai.FineTuningJob;
import io.orrery.api.openai.FineTuningMethod;
import io.orrery.cli.CommandRun;
import io.orrery.cli.platform.StubPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class TuneCommandsTest {
    private static final String JOBS = "/v1/fine_tuning/jobs";

    @TempDir
    Path home;

    StubPlatform platform;

    @BeforeEach
    void start() throws IOException {
        platform = new StubPlatform();
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    private CommandRun run(String... command) {
        return CommandRun.of(
                home,
                Stream.concat(Stream.of(command), Stream.of("--url", platform.url(), "--token", StubPlatform.KEY))
                        .toArray(String[]::new));
    }

    private static String json(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }

    private static String page(Object... items) {
        return json(Map.of("object", "list", "data", items, "has_more", false));
    }

    private static FineTuningJob job(String status) {
        boolean succeeded = status.equals("succeeded");
        return new FineTuningJob(
                "ftjob-1",
                FineTuningJob.OBJECT,
                1_700_000_000,
                null,
                null,
                "lab/tiny",
                succeeded ? "lab/tiny:lab/animals" : null,
                "lab",
                status,
                "file-1",
                null,
                List.of(),
                null,
                Map.of("n_epochs", "auto"),
                FineTuningMethod.supervised(Map.of()),
                1,
                List.of(),
                Map.of(),
                null,
                status.equals("failed") ? new FineTuningJob.Error("oom", "the device has no memory left", null) : null,
                new FineTuningJob.Lab(status, null, 3, 10, 1, null, null, "0".repeat(64), "lab/animals", null));
    }

    private static FineTuningEvent event(int number, String message) {
        return new FineTuningEvent(
                FineTuningEvent.OBJECT,
                "ftevent-" + number,
                1_700_000_000 + number,
                "info",
                message,
                "message",
                Map.of());
    }

    private static FineTuningEvent step(int number, int step, double loss) {
        return new FineTuningEvent(
                FineTuningEvent.OBJECT,
                "ftevent-" + number,
                1_700_000_000 + number,
                "info",
                "step " + step,
                "metrics",
                Map.of("step", step, "total_steps", 10, "train_loss", loss, "tokens_per_second", 512));
    }

    private Path jobWith(String data) throws IOException {
        Files.writeString(home.resolve("train.jsonl"), data);
        return Files.writeString(home.resolve("job.yaml"), "model: lab/tiny\ntraining_file: train.jsonl\n");
    }

    @Test
    void submitUploadsTheDataBesideTheFileAndSendsItsId() throws IOException {
        platform.on(
                "POST /v1/files",
                "{\"id\":\"file-9\",\"object\":\"file\",\"bytes\":1,\"created_at\":1,\"filename\":\"train.jsonl\",\"purpose\":\"fine-tune\",\"status\":\"processed\",\"sha256\":\"x\"}");
        platform.on("POST " + JOBS, json(job("queued")));
        CommandRun run = run(
                "tune",
                "submit",
                jobWith("{\"prompt\":\"a\",\"completion\":\"b\"}\n").toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().strip()).isEqualTo("ftjob-1");
        assertThat(run.err()).contains("upload 100%");
        assertThat(platform.requests.getFirst().body())
                .contains(
                        "name=\"purpose\"",
                        "fine-tune",
                        "filename=\"train.jsonl\"",
                        "{\"prompt\":\"a\",\"completion\":\"b\"}");
        assertThat(platform.requests.getLast().body())
                .isEqualTo("{\"model\":\"lab/tiny\",\"training_file\":\"file-9\"}");
    }

    @Test
    void dataWhoseJsonBreaksIsRefusedBeforeTheUploadWithItsLine() throws IOException {
        String good = "{\"prompt\":\"a\",\"completion\":\"b\"}\n";
        CommandRun run = run(
                "tune",
                "submit",
                jobWith(good.repeat(6) + "{\"prompt\": \"a\", \n" + good).toString());
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("train.jsonl").contains("line 7").doesNotContain("Exception");
        assertThat(platform.requests).isEmpty();
    }

    @Test
    void brokenYamlIsOneSentenceWithItsLine() throws IOException {
        Path file =
                Files.writeString(home.resolve("job.yaml"), "model: m\ntraining_file: t\n\n\n\n\nmetadata: {a: 'b}\n");
        CommandRun run = run("tune", "submit", file.toString());
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).startsWith("orrery: job.yaml line ").doesNotContain("Exception");
    }

    @Test
    void whatThePlatformRefusesIsSaidInItsWords() throws IOException {
        platform.on(
                "POST /v1/files",
                "{\"id\":\"file-9\",\"object\":\"file\",\"bytes\":1,\"created_at\":1,\"filename\":\"t\",\"purpose\":\"fine-tune\",\"status\":\"processed\",\"sha256\":\"x\"}");
        platform.on(
                "POST " + JOBS,
                _ -> new StubPlatform.Answer(
                        404, "{\"error\":{\"message\":\"there is no model lab/tiny\",\"param\":\"model\"}}"));
        CommandRun run = run("tune", "submit", jobWith("{\"text\":\"a\"}\n").toString());
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("orrery: there is no model lab/tiny");
    }

    @Test
    void lsIsATableOrALineAJob() {
        platform.on("GET " + JOBS, page(job("running"), job("failed")));
        assertThat(run("tune", "ls").out()).contains("JOB", "ftjob-1", "3/10", "running", "failed");
        assertThat(run("tune", "ls", "--json").out().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("{\"id\":\"ftjob-1\""));
    }

    @Test
    void watchShowsMessagesAndStepsOnceAndEndsWithTheJob() {
        Deque<String> states = new ArrayDeque<>(List.of("running", "running", "succeeded"));
        Deque<String> events = new ArrayDeque<>(List.of(
                page(event(1, "reading data")),
                page(step(3, 5, 1.25), step(2, 1, 2.5), event(1, "reading data")),
                page(event(5, "published"), step(4, 10, 0.5), step(3, 5, 1.25))));
        platform.on("GET " + JOBS + "/ftjob-1", _ -> new StubPlatform.Answer(200, json(job(states.remove()))));
        platform.on("GET " + JOBS + "/ftjob-1/events", _ -> new StubPlatform.Answer(200, events.remove()));
        CommandRun run = run("tune", "watch", "ftjob-1");
        assertThat(run.exit()).isZero();
        assertThat(run.err().lines().filter(line -> line.contains("reading data")))
                .hasSize(1);
        assertThat(run.err())
                .contains("loss 0.5000, 512 tokens/s")
                .contains("100%")
                .contains("published");
        assertThat(run.out()).isEqualTo("succeeded: lab/tiny:lab/animals" + System.lineSeparator());
    }

    @Test
    void watchFailsWithTheJobsReason() {
        platform.on("GET " + JOBS + "/ftjob-1", json(job("failed")));
        platform.on("GET " + JOBS + "/ftjob-1/events", page());
        CommandRun run = run("tune", "watch", "ftjob-1");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("failed: the device has no memory left");
    }

    @Test
    void logsAreOldestFirstAndCancelSaysWhatBecomesOfTheJob() {
        platform.on("GET " + JOBS + "/ftjob-1/events", page(event(2, "second"), event(1, "first")));
        assertThat(run("tune", "logs", "ftjob-1").out()).containsSubsequence("first", "second");
        platform.on("POST " + JOBS + "/ftjob-1/cancel", json(job("cancelled")));
        assertThat(run("tune", "cancel", "ftjob-1").out()).contains("ftjob-1 is cancelled");
    }

    @Test
    void anUnknownJobIsNamed() {
        CommandRun run = run("tune", "watch", "ftjob-none");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("ftjob-none");
    }
}
