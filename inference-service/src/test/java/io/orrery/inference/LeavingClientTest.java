package io.orrery.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that hang up while the whole of a long context is being generated for them. */
class LeavingClientTest extends RunningInference {
    private static final Duration STEP = Duration.ofMillis(500);

    @BeforeEach
    void load() {
        answer("/v1/completions", "{'model':'lab/tiny','prompt':'the','max_tokens':1}");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itsPlaceIsFreeAgain(boolean stream) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            send(
                    socket,
                    "{\"model\":\"lab/tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"one\"}],\"n\":2,\"stream\":"
                            + stream + "}");
            await("both answers run", () -> models.running() == 2);
            if (stream) {
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 ");
            }
        }
        long left = System.nanoTime();
        await("nothing runs", () -> models.running() == 0);
        assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(STEP);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesDuringALoadIsForgotten(boolean stream) throws IOException {
        String name = "lab/left-" + stream;
        HUB.commit(name, TinyFolder.write(FOLDER.resolve("left" + stream), 9));
        HUB.delay(name, Duration.ofMillis(600));
        try (Socket socket = new Socket("127.0.0.1", port)) {
            send(
                    socket,
                    "{\"model\":\"" + name + "\",\"messages\":[{\"role\":\"user\",\"content\":\"one\"}],\"stream\":"
                            + stream + "}");
            await(
                    "it loads",
                    () -> models.resident().stream().anyMatch(m -> m.model().equals(name)));
        }
        await(
                "it is there, and nobody uses it",
                () -> models.resident().stream()
                        .anyMatch(m -> m.model().equals(name) && m.state().equals("ready")));
        assertThat(models.running()).isZero();
    }

    private static void send(Socket socket, String body) throws IOException {
        String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + Tokens.of("lab", Scope.INFERENCE) + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }
}
