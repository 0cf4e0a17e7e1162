package io.orrery.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.orrery.cli.CommandRun;
import io.orrery.cli.model.TinyModel;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class ServeCommandTest {
    @TempDir
    Path home;

    @Test
    void oneModelAnswersUnderItsNameToWhoHasTheKey() throws Exception {
        Path model = TinyModel.write(home.resolve("tiny"));
        StringWriter out = new StringWriter();
        CommandLine command = CommandRun.commandLine(home, Map.of()).setOut(new PrintWriter(out));
        Thread serving = Thread.ofPlatform()
                .name("serving")
                .start(() -> command.execute(
                        "serve",
                        model.toString(),
                        "--port",
                        "0",
                        "--api-key",
                        "secret",
                        "--name",
                        "lab-tiny",
                        "-t",
                        "1"));
        try {
            URI address = address(out, serving);
            Map<String, Object> request = Map.of(
                    "model",
                    "lab-tiny",
                    "max_tokens",
                    4,
                    "messages",
                    List.of(Map.of("role", "user", "content", "hello")));
            try (Platform platform = new Platform(address, "secret")) {
                JsonNode answer = platform.chat(request);
                assertThat(answer.path("model").asString()).isEqualTo("lab-tiny");
                assertThat(answer.path("usage").path("completion_tokens").asInt())
                        .isBetween(1, 4);
            }
            try (Platform stranger = new Platform(address, "wrong")) {
                assertThat(catchThrowableOfType(PlatformException.class, () -> stranger.chat(request))
                                .status())
                        .isEqualTo(401);
            }
        } finally {
            serving.interrupt();
            serving.join(Duration.ofSeconds(30));
        }
        assertThat(serving.isAlive()).isFalse();
    }

    private static URI address(StringWriter out, Thread serving) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (serving.isAlive() && System.nanoTime() < deadline) {
            String text = out.toString();
            if (text.lines().anyMatch("ready"::equals)) {
                String line = text.lines()
                        .filter(l -> l.startsWith("address "))
                        .findFirst()
                        .orElseThrow();
                return URI.create(line.substring("address ".length()).replace("/v1", ""));
            }
            Thread.sleep(50);
        }
        throw new AssertionError("it did not get ready: " + out);
    }
}
