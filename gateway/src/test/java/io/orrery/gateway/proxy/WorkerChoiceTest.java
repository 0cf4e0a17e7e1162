package io.orrery.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.orrery.gateway.RunningGateway;
import io.orrery.gateway.stub.RawService;
import io.orrery.gateway.stub.StubService;
import io.orrery.gateway.stub.WorkerReports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Which worker is asked, and which next where it does not answer. */
class WorkerChoiceTest extends RunningGateway {
    private static final String MODEL = "lab/chosen";

    private final StubService one = new StubService().answering(named("one"));
    private final StubService two = new StubService().answering(named("two"));

    @AfterEach
    void stop() {
        for (String id : List.of("one", "two", "gone", "dying", "silent")) {
            stopWorker(id);
        }
        one.close();
        two.close();
    }

    @Test
    void theWorkerThatHoldsTheModelIsAsked() {
        startWorker("one", one.url(), 1 << 30, 0);
        startWorker("two", two.url(), 0, 3, WorkerReports.ready(MODEL, "lab/adapter"));

        assertThat(post("/v1/chat/completions", chat(MODEL)).body()).isEqualTo("two");
        assertThat(post("/v1/completions", chat(MODEL + ":lab/adapter")).body()).isEqualTo("two");
        assertThat(post("/v1/chat/completions", chat("lab/other")).body()).isEqualTo("one");
        assertThat(get("/v1/models").body()).isEqualTo("one");
    }

    @Test
    void aWorkerThatLeavesIsNotAskedAndANewOneIs() {
        startWorker("one", one.url(), WorkerReports.ready(MODEL));
        assertThat(post("/v1/chat/completions", chat(MODEL)).body()).isEqualTo("one");
        startWorker("two", two.url());
        stopWorker("one");
        assertThat(post("/v1/chat/completions", chat(MODEL)).body()).isEqualTo("two");
    }

    @Test
    void withoutALiveWorkerTheReasonIsTold() {
        HttpResponse<String> answer = post("/v1/chat/completions", chat(MODEL));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        JsonNode error = JSON.readTree(answer.body()).get("error");
        assertThat(error.get("code").asString()).isEqualTo("no_worker_available");
        assertThat(error.get("type").asString()).isEqualTo("server_error");
        assertThat(error.get("message").asString()).contains("No inference worker");
        assertThat(get("/v1/models").statusCode()).isEqualTo(503);
    }

    @Test
    void aSilentWorkerIsForgotten() {
        startWorker("silent", one.url());
        WORKERS.silence("silent");
        await("the worker to be taken for dead", () -> !isKnown("silent"));

        assertThat(post("/v1/chat/completions", chat(MODEL)).body()).contains("older than 3 s");
    }

    @Test
    void aReportThatCannotBeReadHarmsNobody() {
        WORKERS.sendRaw("garbage", "{\"workerId\":");
        startWorker("one", one.url(), WorkerReports.ready(MODEL));

        assertThat(post("/v1/chat/completions", chat(MODEL)).body()).isEqualTo("one");
    }

    @Test
    void aWorkerThatCannotBeReachedIsPassedOver() {
        startWorker("gone", closedPort(), WorkerReports.ready(MODEL));
        startWorker("two", two.url());

        HttpResponse<String> answer = post("/v1/chat/completions", chat(MODEL));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("two");
    }

    @Test
    void aWorkerThatDiesBeforeItsFirstByteIsPassedOver() throws IOException {
        try (RawService dying = new RawService().behaving(call -> {
            call.readBody();
            call.reset();
        })) {
            startWorker("dying", dying.url(), WorkerReports.ready(MODEL));
            startWorker("two", two.url());

            assertThat(post("/v1/chat/completions", chat(MODEL)).body()).isEqualTo("two");
        }
    }

    @Test
    void aBusyWorkerIsPassedOverAndTheLastOnesAnswerCounts() {
        HttpHandler busy = exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Retry-After", "7");
            StubService.answer(exchange, 503, "application/json", "{\"error\":{\"code\":\"loading\"}}");
        };
        one.answering(busy);
        startWorker("one", one.url(), WorkerReports.ready(MODEL));
        startWorker("two", two.url());
        assertThat(post("/v1/chat/completions", chat(MODEL)).body()).isEqualTo("two");

        two.answering(busy);
        HttpResponse<String> answer = post("/v1/chat/completions", chat(MODEL));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("7");
        assertThat(answer.body()).contains("loading");
    }

    @Test
    void whatTheWorkerRefusesIsNotAskedElsewhere() {
        one.answering(exchange ->
                StubService.answer(exchange, 404, "application/json", "{\"error\":{\"code\":\"model_not_found\"}}"));
        startWorker("one", one.url(), WorkerReports.ready(MODEL));
        startWorker("two", two.url());

        HttpResponse<String> answer = post("/v1/chat/completions", chat(MODEL));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"error\":{\"code\":\"model_not_found\"}}");
        assertThat(two.calls()).isZero();
    }

    @Test
    void afterAByteNobodyElseIsAsked() {
        try (RawService dying = new RawService().behaving(call -> {
            call.readBody();
            call.beginEvents();
        })) {
            startWorker("dying", dying.url(), WorkerReports.ready(MODEL));
            startWorker("two", two.url());

            assertThat(post("/v1/chat/completions", chat(MODEL)).body()).contains("upstream_failed");
            assertThat(two.calls()).isZero();
        }
    }

    @Test
    void aWorkerThatNeverAnswersTimesOutAndIsNotAskedTwice() {
        try (RawService silent = new RawService().behaving(call -> Thread.sleep(10_000))) {
            startWorker("silent", silent.url(), WorkerReports.ready(MODEL));
            startWorker("two", two.url());

            HttpResponse<String> answer = post("/v1/chat/completions", chat(MODEL));

            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("upstream_timeout", "within 3 s");
            assertThat(two.calls()).isZero();
        }
    }

    @Test
    void aWorkerThatFailsAgainAndAgainIsLeftAloneUntilItIsWell() {
        RawService failing = new RawService().behaving(call -> {
            call.readBody();
            call.reset();
        });
        try (failing) {
            startWorker("dying", failing.url(), WorkerReports.ready(MODEL));
            for (int i = 0; i < 5; i++) {
                assertThat(post("/v1/chat/completions", chat(MODEL)).statusCode())
                        .isEqualTo(502);
            }
            failing.calls();

            HttpResponse<String> answer = post("/v1/chat/completions", chat(MODEL));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.body()).contains("upstream_unavailable", "leaves inference worker dying alone");
            assertThat(failing.calls()).isZero();

            startWorker("two", two.url());
            assertThat(post("/v1/chat/completions", chat(MODEL)).body()).isEqualTo("two");
            stopWorker("two");

            failing.behaving(call -> {
                call.readBody();
                call.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell");
            });
            await(
                    "the breaker to let a trial through",
                    () -> post("/v1/chat/completions", chat(MODEL)).body().equals("well"));
        }
    }

    @Test
    void writesToOtherServicesAreNeverAskedTwiceButReadsAre() {
        FINETUNE.answering(exchange -> {
            throw new IOException("dies before it answers");
        });
        FINETUNE.calls();
        assertThat(post("/v1/fine_tuning/jobs", "{}").statusCode()).isEqualTo(502);
        assertThat(FINETUNE.calls()).isEqualTo(1);
        assertThat(get("/v1/fine_tuning/jobs").statusCode()).isEqualTo(502);
        assertThat(FINETUNE.calls()).isGreaterThan(1);
    }

    @Test
    void brokenQuestionsAreAnsweredByTheGateway() {
        HttpResponse<String> notJson = post("/v1/chat/completions", "model=a");
        assertThat(notJson.statusCode()).isEqualTo(400);
        assertThat(notJson.body()).contains("The body is not JSON at line 1");

        HttpResponse<String> nameless = post("/v1/chat/completions", "{\"messages\":[]}");
        assertThat(nameless.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(nameless.body()).at("/error/param").asString()).isEqualTo("model");
    }

    private static HttpHandler named(String name) {
        return exchange -> {
            exchange.getRequestBody().readAllBytes();
            StubService.answer(exchange, 200, "text/plain", name);
        };
    }

    private static URI closedPort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
