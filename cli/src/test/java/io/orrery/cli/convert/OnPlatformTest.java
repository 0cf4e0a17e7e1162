package io.orrery.cli.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.Conversion;
import io.orrery.cli.CommandRun;
import io.orrery.cli.platform.StubPlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OnPlatformTest {
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
                Stream.concat(
                                Stream.of("convert"),
                                Stream.concat(
                                        Stream.of(command),
                                        Stream.of("--url", platform.url(), "--token", StubPlatform.KEY)))
                        .toArray(String[]::new));
    }

    private static String conversion(String state, int tensors) {
        boolean failed = state.equals("failed");
        return JsonMapper.shared()
                .writeValueAsString(new Conversion(
                        "c-1",
                        state,
                        "gguf",
                        "Q8_0",
                        new Conversion.Origin("lab/tiny", "a".repeat(40), null),
                        "lab/tiny-Q8_0-GGUF",
                        false,
                        "ada",
                        Instant.EPOCH,
                        null,
                        null,
                        1,
                        new Conversion.Progress("converting", tensors, 10, tensors * 1000L, 10_000),
                        state.equals("succeeded") ? "b".repeat(40) : null,
                        failed ? "the tensor w cannot be read" : null));
    }

    private void answers(String... bodies) {
        platform.on("POST /api/conversions", _ -> new StubPlatform.Answer(202, conversion("queued", 0)));
        Deque<String> left = new ArrayDeque<>(List.of(bodies));
        platform.on(
                "GET /api/conversions/c-1",
                _ -> new StubPlatform.Answer(200, left.size() > 1 ? left.remove() : left.getFirst()));
    }

    @Test
    void whatIsAskedIsSentAndItsNumberAnswered() {
        answers();
        CommandRun run = run("lab/tiny@v1", "--to", "gguf", "--type", "Q8_0", "--into", "lab/other", "--private");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().strip()).isEqualTo("c-1 -> lab/tiny-Q8_0-GGUF");
        assertThat(platform.requests.getLast().body())
                .isEqualTo("{\"source\":\"lab/tiny\",\"revision\":\"v1\",\"target\":\"lab/other\",\"kind\":\"gguf\","
                        + "\"type\":\"Q8_0\",\"private\":true}");
    }

    @Test
    void whoWaitsSeesHowFarItIsAndHowItEnded() {
        answers(conversion("running", 4), conversion("succeeded", 10));
        CommandRun run = run("lab/tiny", "--to", "gguf", "--type", "Q8_0", "--wait");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.err()).contains("converting 4 of 10 tensors");
        assertThat(run.out()).endsWith("succeeded: lab/tiny-Q8_0-GGUF@" + "b".repeat(40) + "\n");
    }

    @Test
    void whatFailsIsToldInJsonAndByTheExitCode() {
        answers(conversion("failed", 4));
        CommandRun run = run("lab/tiny", "--to", "gguf", "--type", "Q8_0", "--wait", "--json");
        assertThat(run.exit()).isEqualTo(1);
        List<JsonNode> lines =
                run.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.getLast().path("error").asString()).isEqualTo("the tensor w cannot be read");
    }

    @Test
    void withoutAKindAFileMustBeNamedAndNothingOfThePlatformAsked() {
        assertThat(run("lab/tiny").err()).contains("OUT").contains("--to");
        assertThat(run("lab/tiny", "x.gguf", "--wait").err()).contains("say --to KIND too");
        assertThat(run("lab/tiny", "x.gguf", "--to", "gguf").err()).contains("--into");
        assertThat(platform.requests).isEmpty();
    }
}
