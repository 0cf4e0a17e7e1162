package io.orrery.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.finetune.worker.ScriptedTraining;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service on real HTTP, a real PostgreSQL and a real Kafka, before a hub in memory: one context for all tests that extend this. */
@SpringBootTest(
        classes = FinetuneApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            FinetuneApplication.CONFIGURATION,
            "spring.test.metrics.export=true",
            "orrery.identity.secret=" + Tokens.SECRET,
            "orrery.finetune.max-file-size=200KB",
            "orrery.finetune.reserve=1MB",
            "orrery.finetune.worker.id=tester",
            "orrery.finetune.worker.lease=3s",
            "orrery.finetune.worker.heartbeat=500ms",
            "orrery.finetune.worker.backoff=200ms",
            "orrery.finetune.worker.poll=30s"
        })
@Import(ScriptedTraining.OfContext.class)
public abstract class RunningFinetune {
    protected static final String BASE = "lab/base";
    protected static final StubHub HUB = new StubHub();
    protected static final EmbeddedKafkaKraftBroker KAFKA = kafka();
    protected static final Path DATA = folder();

    private static final EmbeddedPostgres POSTGRES = postgres();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String BOUNDARY = "a-line-between";

    @LocalServerPort
    protected int port;

    @Autowired
    protected JdbcClient jdbc;

    @Autowired
    protected ScriptedTraining training;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add(
                "spring.datasource.url", () -> POSTGRES.getJdbcUrl("postgres", "postgres") + "&currentSchema=finetune");
        registry.add("spring.datasource.username", () -> "postgres");
        registry.add("spring.datasource.password", () -> "postgres");
        registry.add("spring.kafka.bootstrap-servers", KAFKA::getBrokersAsString);
        registry.add("orrery.finetune.registry-url", HUB::url);
        registry.add("orrery.finetune.files", () -> DATA.resolve("files"));
        registry.add("orrery.finetune.work", () -> DATA.resolve("jobs"));
    }

    @BeforeEach
    void base() {
        HUB.down(false);
        training.reset();
        if (!HUB.has(BASE)) {
            HUB.put(BASE, Map.of("config.json", "{}".getBytes(StandardCharsets.UTF_8)));
        }
    }

    @AfterEach
    void quiet() {
        training.reset();
    }

    protected String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    protected static String token(Scope... scopes) {
        return Tokens.of("alice", "lab", scopes);
    }

    /** Sends a request; the token may be empty. */
    protected HttpResponse<String> callAs(String token, String method, String path, String contentType, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", contentType)
                .method(method, BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    protected HttpResponse<String> call(String method, String path, String body) {
        return callAs(token(Scope.TUNE_READ, Scope.TUNE_WRITE), method, path, "application/json", body);
    }

    protected JsonNode get(String path) {
        return ok(call("GET", path, ""));
    }

    protected static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    protected static JsonNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    /** The error object of an answer with this status. */
    protected static JsonNode error(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = json(response).get("error");
        assertThat(error.propertyNames()).containsExactlyInAnyOrder("message", "type", "param", "code");
        return error;
    }

    /** Uploads through a form of these parts, in this order. */
    protected HttpResponse<String> form(String... parts) {
        String body = "--" + BOUNDARY + "\r\n" + String.join("\r\n--" + BOUNDARY + "\r\n", parts) + "\r\n--" + BOUNDARY
                + "--\r\n";
        return callAs(token(Scope.TUNE_WRITE), "POST", "/v1/files", "multipart/form-data; boundary=" + BOUNDARY, body);
    }

    protected static String field(String name, String value) {
        return "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value;
    }

    protected static String filePart(String filename, String content) {
        return "Content-Disposition: form-data; name=\"file\"; filename=\"" + filename
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + content;
    }

    /** The id of training data that was uploaded. */
    protected String upload(String content) {
        return ok(form(field("purpose", "fine-tune"), filePart("train.jsonl", content)))
                .get("id")
                .asString();
    }

    /** The id of a new job. @param more further JSON, with a comma in front, or nothing */
    protected String submit(String file, String more) {
        return submit(BASE, file, more);
    }

    protected String submit(String model, String file, String more) {
        return ok(call(
                        "POST",
                        "/v1/fine_tuning/jobs",
                        "{\"model\":\"" + model + "\",\"training_file\":\"" + file + "\"" + more + "}"))
                .get("id")
                .asString();
    }

    protected JsonNode job(String id) {
        return get("/v1/fine_tuning/jobs/" + id);
    }

    protected JsonNode awaitStatus(String id, String status) {
        return await(id, job -> job.get("status").asString().equals(status));
    }

    protected JsonNode await(String id, Predicate<JsonNode> wanted) {
        Instant deadline = Instant.now().plusSeconds(20);
        JsonNode job = job(id);
        while (!wanted.test(job)) {
            assertThat(Instant.now()).as("still %s", job).isBefore(deadline);
            pause();
            job = job(id);
        }
        return job;
    }

    protected static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static EmbeddedPostgres postgres() {
        try {
            return EmbeddedPostgres.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedKafkaKraftBroker kafka() {
        EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, 1);
        broker.brokerProperty("auto.create.topics.enable", "false");
        broker.afterPropertiesSet();
        return broker;
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("finetune");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
