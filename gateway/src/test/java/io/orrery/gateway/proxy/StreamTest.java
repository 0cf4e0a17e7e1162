package io.orrery.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.gateway.RunningGateway;
import io.orrery.gateway.stub.RawService;
import io.orrery.gateway.stub.WorkerReports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Streams of events: at once, unchanged, and never with a silent end. */
class StreamTest extends RunningGateway {
    private static final String MODEL = "lab/streamed";
    private static final String ONE = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"one\"}}]}\n\n";
    private static final String TWO = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"two\"}}]}\n\n";

    private final RawService worker = new RawService();

    @BeforeEach
    void start() {
        startWorker("streamer", worker.url(), WorkerReports.ready(MODEL));
    }

    @AfterEach
    void stop() {
        stopWorker("streamer");
        worker.close();
    }

    @Test
    void eachEventReachesTheClientBeforeTheNextIsMade() throws Exception {
        Semaphore next = new Semaphore(0);
        worker.behaving(call -> {
            call.readBody();
            call.beginEvents();
            for (String event : List.of(ONE, ": ping\n\n", TWO, "data: [DONE]\n\n")) {
                call.chunk(event);
                next.acquire();
            }
            call.endChunks();
        });

        HttpResponse<Stream<String>> answer = HTTP.send(
                asAdmin("/v1/chat/completions")
                        .POST(BodyPublishers.ofString(chat(MODEL)))
                        .build(),
                BodyHandlers.ofLines());
        List<String> lines = new ArrayList<>();
        answer.body().forEach(line -> {
            lines.add(line);
            if (line.isEmpty()) {
                next.release();
            }
        });

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(String.join("\n", lines) + "\n").isEqualTo(ONE + ": ping\n\n" + TWO + "data: [DONE]\n\n");
    }

    @Test
    void aWorkerThatDiesInTheMiddleEndsTheStreamWithAnErrorEvent() throws Exception {
        worker.behaving(call -> {
            call.readBody();
            call.beginEvents();
            call.chunk(ONE);
            call.chunk("data: {\"choices\":[{\"ind");
        });

        String body = streamed();

        assertThat(body).startsWith(ONE).endsWith("data: [DONE]\n\n").doesNotContain("\"ind\n");
        JsonNode error = JSON.readTree(
                        body.substring(ONE.length()).split("\n")[0].substring("data: ".length()))
                .get("error");
        assertThat(error.propertyNames()).containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(error.get("code").asString()).isEqualTo("upstream_failed");
        assertThat(error.get("message").asString()).contains("The answer broke off", "inference worker streamer");
    }

    @Test
    void anEndWithoutDoneIsNoWholeAnswer() throws Exception {
        worker.behaving(call -> {
            call.readBody();
            call.beginEvents();
            call.chunk(ONE);
            call.endChunks();
        });

        assertThat(streamed()).startsWith(ONE + "data: {\"error\":").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aWorkersOwnErrorEventIsNotDoubled() throws Exception {
        String failure = "data: {\"error\":{\"message\":\"out of memory\"}}\n\n";
        worker.behaving(call -> {
            call.readBody();
            call.beginEvents();
            call.chunk(ONE);
            call.chunk(failure);
            call.endChunks();
        });

        assertThat(streamed()).isEqualTo(ONE + failure);
    }

    @Test
    void aStreamThatStandsStillForTooLongEndsWithAnErrorEvent() throws Exception {
        worker.behaving(call -> {
            call.readBody();
            call.beginEvents();
            call.chunk(ONE);
            Thread.sleep(5_000);
        });

        assertThat(streamed()).startsWith(ONE + "data: {\"error\":").contains("upstream_failed");
    }

    @Test
    void anAnswerInOnePieceThatBreaksOffIsCut() {
        worker.behaving(call -> {
            call.readBody();
            call.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            call.chunk("{\"choices\":");
        });
        assertThatThrownBy(this::streamed).isInstanceOf(IOException.class);

        worker.behaving(call -> {
            call.readBody();
            call.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"a\":");
        });
        assertThatThrownBy(this::streamed).isInstanceOf(IOException.class);
    }

    @Test
    void eventsOfOtherServicesNeedNoDone() throws Exception {
        FINETUNE.answering(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("data: {\"step\":1}\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });

        assertThat(get("/v1/fine_tuning/jobs/ftjob-1/events").body()).isEqualTo("data: {\"step\":1}\n\n");
    }

    @Test
    void headersReachTheClientBeforeTheFirstEvent() throws Exception {
        Semaphore go = new Semaphore(0);
        worker.behaving(call -> {
            call.readBody();
            call.beginEvents();
            go.acquire();
            call.chunk("data: [DONE]\n\n");
            call.endChunks();
        });

        HttpResponse<java.io.InputStream> answer = HTTP.send(
                asAdmin("/v1/chat/completions")
                        .POST(BodyPublishers.ofString(chat(MODEL)))
                        .build(),
                BodyHandlers.ofInputStream());
        go.release();

        try (BufferedReader in = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertThat(in.readLine()).isEqualTo("data: [DONE]");
        }
    }

    private String streamed() throws IOException, InterruptedException {
        return HTTP.send(
                        asAdmin("/v1/chat/completions")
                                .POST(BodyPublishers.ofString(chat(MODEL)))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
