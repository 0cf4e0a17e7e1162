package io.orrery.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.orrery.gateway.stub.RawService;
import io.orrery.gateway.stub.StubService;
import io.orrery.gateway.stub.WorkerReports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The real openai and @huggingface/hub clients through the gateway, before services that answer in the shapes of their wires. */
class JavaScriptClientsTest extends RunningGateway {
    private static final String MODEL = "lab/tiny";
    private static final String CHUNK =
            "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"lab/tiny\",\"choices\":%s%s}\n\n";

    private final RawService worker = new RawService();

    @TempDir
    Path folder;

    private NodeScripts scripts;
    private Path trainingFile;

    @BeforeEach
    void start() throws Exception {
        scripts = NodeScripts.install(Path.of("src/test/node"), Path.of("target/node"));
        trainingFile = Files.writeString(
                folder.resolve("train.jsonl"),
                "{\"messages\":[{\"role\":\"user\",\"content\":\"ä?\"},{\"role\":\"assistant\",\"content\":\"€!\"}]}\n"
                        .repeat(1000));
        startWorker("js", worker.url(), WorkerReports.ready(MODEL));
    }

    @AfterEach
    void stop() {
        stopWorker("js");
        worker.close();
    }

    @Test
    void openAiChatsAndListsModels() throws Exception {
        worker.behaving(call -> {
            call.readBody();
            String model = "{\"id\":\"lab/tiny\",\"object\":\"model\",\"created\":1,\"owned_by\":\"lab\"}";
            if (call.head().startsWith("GET /v1/models ")) {
                json(call, "{\"object\":\"list\",\"data\":[" + model + "]}");
            } else if (call.head().startsWith("GET /v1/models/lab%2Ftiny ")) {
                json(call, model);
            } else if (call.head().startsWith("POST /v1/completions ")) {
                json(call, "{\"id\":\"t1\",\"object\":\"text_completion\",\"choices\":[{\"text\":\" three\"}]}");
            } else {
                json(
                        call,
                        "{\"id\":\"c1\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":"
                                + "{\"role\":\"assistant\",\"content\":\"one\"},\"finish_reason\":\"stop\"}],"
                                + "\"usage\":{\"total_tokens\":7}}");
            }
        });

        JsonNode models = openai("models");
        assertThat(models.get("ids").get(0).asString()).isEqualTo(MODEL);
        assertThat(models.get("one").asString()).isEqualTo(MODEL);
        JsonNode chat = openai("chat");
        assertThat(chat.get("content").asString()).isEqualTo("one");
        assertThat(chat.at("/usage/total_tokens").asInt()).isEqualTo(7);
        assertThat(chat.get("requestId").asString()).startsWith("req_");
        assertThat(openai("completion").get("text").asString()).isEqualTo(" three");
    }

    @Test
    void openAiStreamsAndLearnsOfABrokenStream() throws Exception {
        worker.behaving(call -> {
            call.readBody();
            call.beginEvents();
            call.chunk(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
            call.chunk(chunk("{\"content\":\"one, \"}", "null") + chunk("{\"content\":\"zwö\"}", "null"));
            call.chunk(chunk("{}", "\"stop\""));
            call.chunk(CHUNK.formatted("[]", ",\"usage\":{\"total_tokens\":9}"));
            call.chunk("data: [DONE]\n\n");
            call.endChunks();
        });
        JsonNode stream = openai("stream");
        assertThat(stream.get("content").asString()).isEqualTo("one, zwö");
        assertThat(stream.get("finish").get(0).asString()).isEqualTo("stop");
        assertThat(stream.get("ids").asInt()).isEqualTo(1);
        assertThat(stream.at("/usage/total_tokens").asInt()).isEqualTo(9);

        worker.behaving(call -> {
            call.readBody();
            call.beginEvents();
            call.chunk(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
            call.chunk("data: {\"id\":\"c1\",\"cho");
        });
        JsonNode broken = openai("broken");
        assertThat(broken.get("type").asString()).isEqualTo("APIError");
        assertThat(broken.get("message").asString()).contains("The answer broke off");
    }

    @Test
    void openAiThatAbortsStopsTheWorker() throws Exception {
        CompletableFuture<Long> hungUp = new CompletableFuture<>();
        worker.behaving(call -> {
            call.readBody();
            call.beginEvents();
            call.chunk(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
            call.awaitHangUp(Duration.ofSeconds(20), hungUp);
        });

        assertThat(openai("abort").get("aborted").asBoolean()).isTrue();
        assertThat(hungUp.get(2, TimeUnit.SECONDS)).isPositive();
    }

    @Test
    void openAiKnowsTheErrors() throws Exception {
        worker.behaving(call -> {
            call.readBody();
            String body = "{\"error\":{\"message\":\"no/such-model is not here\",\"type\":\"invalid_request_error\","
                    + "\"param\":\"model\",\"code\":\"model_not_found\"}}";
            call.write("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
        });
        JsonNode unknown = openai("unknownModel");
        assertThat(unknown.get("type").asString()).isEqualTo("NotFoundError");
        assertThat(unknown.get("code").asString()).isEqualTo("model_not_found");
        assertThat(unknown.get("id").asString()).startsWith("req_");

        JsonNode wrong = openai("wrongKey");
        assertThat(wrong.get("type").asString()).isEqualTo("AuthenticationError");
        assertThat(wrong.get("code").asString()).isEqualTo("invalid_api_key");
        assertThat(wrong.get("message").asString()).contains("hf_xxxxx...").doesNotContain("xxxxxx");

        stopWorker("js");
        JsonNode nobody = openai("unknownModel");
        assertThat(nobody.get("type").asString()).isEqualTo("InternalServerError");
        assertThat(nobody.get("status").asInt()).isEqualTo(503);
    }

    @Test
    void openAiUploadsFilesAndSubmitsJobs() throws Exception {
        FINETUNE.answering(new TuningStub());

        JsonNode files = openai("files");
        assertThat(files.get("bytes").asLong()).isEqualTo(Files.size(trainingFile));
        assertThat(files.get("listed").asBoolean()).isTrue();
        assertThat(files.get("same").asBoolean()).isTrue();
        assertThat(files.get("deleted").asBoolean()).isTrue();

        JsonNode tuning = openai("tuning");
        assertThat(tuning.get("object").asString()).isEqualTo("fine_tuning.job");
        assertThat(tuning.get("listed").asBoolean()).isTrue();
        assertThat(tuning.get("status").asString()).isEqualTo("queued");
        assertThat(tuning.get("events").asInt()).isEqualTo(1);
    }

    @Test
    void theHubClientListsAndDownloads() throws Exception {
        byte[] content = "weights ".repeat(5000).getBytes(StandardCharsets.UTF_8);
        REGISTRY.answering(exchange -> {
            String path = exchange.getRequestURI().getRawPath();
            exchange.getResponseHeaders().set("X-Repo-Commit", "a".repeat(40));
            if (path.equals("/api/models/lab/tiny/tree/main")) {
                StubService.answer(
                        exchange,
                        200,
                        "application/json",
                        "[{\"type\":\"file\",\"oid\":\"" + "b".repeat(40) + "\",\"size\":" + content.length
                                + ",\"path\":\"d/w.bin\"}]");
            } else if (path.equals("/lab/tiny/resolve/main/d/w.bin")) {
                file(exchange, content);
            } else {
                StubService.answer(exchange, 404, "application/json", "{\"error\":\"" + path + " is not expected\"}");
            }
        });

        JsonNode answer = JSON.readTree(
                scripts.run(environment(), "hub.mjs", "lab/tiny", "d/w.bin").getFirst());

        assertThat(answer.get("name").asString()).isEqualTo("lab");
        assertThat(answer.at("/files/0/path").asString()).isEqualTo("d/w.bin");
        assertThat(answer.get("size").asInt()).isEqualTo(content.length);
        assertThat(answer.get("sha256").asString())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
    }

    private JsonNode openai(String step) throws Exception {
        return JSON.readTree(scripts.run(environment(), "openai.mjs", step).getFirst());
    }

    private Map<String, String> environment() {
        return Map.of(
                "ORRERY_URL",
                "http://localhost:" + port,
                "ORRERY_KEY",
                ADMIN_KEY,
                "ORRERY_MODEL",
                MODEL,
                "ORRERY_TRAINING_FILE",
                trainingFile.toString());
    }

    private static String chunk(String delta, String finish) {
        return CHUNK.formatted("[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]", "");
    }

    private static void json(RawService.RawCall call, String body) throws IOException {
        call.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\nConnection: close\r\n\r\n" + body);
    }

    private static void file(HttpExchange exchange, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        exchange.getResponseHeaders().set("ETag", "\"" + "b".repeat(40) + "\"");
        if (range == null) {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        } else {
            String[] ends = range.substring("bytes=".length()).split("-", -1);
            int from = Integer.parseInt(ends[0]);
            int to = ends[1].isEmpty() ? content.length - 1 : Math.min(content.length - 1, Integer.parseInt(ends[1]));
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + content.length);
            exchange.sendResponseHeaders(206, to - from + 1);
            exchange.getResponseBody().write(Arrays.copyOfRange(content, from, to + 1));
        }
        exchange.close();
    }

    /** Keeps one file and one job in OpenAI's shapes. */
    private static final class TuningStub implements HttpHandler {
        private static final String JOB = "{\"object\":\"fine_tuning.job\",\"id\":\"ftjob-1\",\"status\":\"queued\"}";
        private static final String EVENT =
                "{\"object\":\"fine_tuning.job.event\",\"id\":\"ftevent-1\",\"message\":\"queued\"}";

        private final Map<String, byte[]> files = new ConcurrentHashMap<>();
        private final Set<String> jobs = ConcurrentHashMap.newKeySet();

        @Override
        public void handle(HttpExchange exchange) throws IOException {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String call =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            StubService.answer(
                    exchange,
                    200,
                    "application/json",
                    switch (call) {
                        case "POST /v1/files" -> {
                            files.put("file-1", contentOf(body));
                            yield file();
                        }
                        case "GET /v1/files" -> list(file());
                        case "GET /v1/files/file-1/content" -> new String(files.get("file-1"), StandardCharsets.UTF_8);
                        case "DELETE /v1/files/file-1" -> "{\"id\":\"file-1\",\"object\":\"file\",\"deleted\":true}";
                        case "POST /v1/fine_tuning/jobs" -> {
                            jobs.add(new String(body, StandardCharsets.UTF_8));
                            yield JOB;
                        }
                        case "GET /v1/fine_tuning/jobs" -> list(jobs.isEmpty() ? "" : JOB);
                        case "GET /v1/fine_tuning/jobs/ftjob-1" -> JOB;
                        case "GET /v1/fine_tuning/jobs/ftjob-1/events" -> list(EVENT);
                        default -> "{\"error\":{\"message\":\"not expected: " + call + "\"}}";
                    });
        }

        private String file() {
            return "{\"id\":\"file-1\",\"object\":\"file\",\"purpose\":\"fine-tune\",\"bytes\":"
                    + files.get("file-1").length + "}";
        }

        private static String list(String item) {
            return "{\"object\":\"list\",\"has_more\":false,\"data\":[" + item + "]}";
        }

        /** The part of a multipart body that is the file. */
        private static byte[] contentOf(byte[] multipart) {
            String text = new String(multipart, StandardCharsets.ISO_8859_1);
            String boundary = text.substring(0, text.indexOf("\r\n"));
            int part = text.indexOf("filename=");
            int start = text.indexOf("\r\n\r\n", part) + 4;
            int end = text.indexOf("\r\n" + boundary, start);
            return Arrays.copyOfRange(multipart, start, end);
        }
    }
}
