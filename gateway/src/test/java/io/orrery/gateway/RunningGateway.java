package io.orrery.gateway;

import io.orrery.api.inference.ResidentModel;
import io.orrery.api.inference.WorkerStatus;
import io.orrery.gateway.route.Workers;
import io.orrery.gateway.stub.StubService;
import io.orrery.gateway.stub.WorkerReports;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One gateway on real PostgreSQL and Kafka for all tests that ask it over HTTP. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=gateway",
            "spring.test.metrics.export=true",
            "orrery.gateway.worker-stale=3s",
            "orrery.gateway.proxy.first-byte=3s",
            "orrery.gateway.proxy.inference-first-byte=3s",
            "orrery.gateway.proxy.idle=3s",
            "orrery.gateway.proxy.max-model-request=1MB",
            "orrery.gateway.proxy.connect-timeout=1s",
            "orrery.gateway.proxy.breaker.open=1s"
        })
public abstract class RunningGateway {
    protected static final String ADMIN_KEY = "hf_bootstrap0123456789ABCDEFGHIJabcdef";
    protected static final String SECRET = "a secret of the tests, which is long enough";
    protected static final JsonMapper JSON = JsonMapper.shared();
    protected static final StubService REGISTRY = new StubService();
    protected static final StubService FINETUNE = new StubService();
    protected static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private static final EmbeddedPostgres POSTGRES = postgres();
    private static final EmbeddedKafkaKraftBroker KAFKA = kafka();
    protected static final WorkerReports WORKERS = new WorkerReports(KAFKA.getBrokersAsString());

    @LocalServerPort
    protected int port;

    @Autowired
    private Workers workers;

    @DynamicPropertySource
    static void addresses(DynamicPropertyRegistry settings) {
        settings.add(
                "spring.datasource.url", () -> POSTGRES.getJdbcUrl("postgres", "postgres") + "&currentSchema=gateway");
        settings.add("spring.datasource.username", () -> "postgres");
        settings.add("spring.kafka.bootstrap-servers", KAFKA::getBrokersAsString);
        settings.add("orrery.identity.secret", () -> SECRET);
        settings.add("orrery.gateway.bootstrap-key", () -> ADMIN_KEY);
        settings.add("orrery.gateway.registry-url", REGISTRY::url);
        settings.add("orrery.gateway.finetune-url", FINETUNE::url);
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
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.getBrokersAsString()))) {
            NewTopic topic =
                    new NewTopic(WorkerStatus.TOPIC, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"));
            admin.createTopics(List.of(topic)).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return broker;
    }

    @AfterEach
    void forgetAnswers() {
        REGISTRY.answering(exchange -> StubService.answer(exchange, 200, "text/plain", "registry"));
        FINETUNE.answering(exchange -> StubService.answer(exchange, 200, "text/plain", "finetune"));
    }

    protected URI uri(String pathAndQuery) {
        return URI.create("http://localhost:" + port + pathAndQuery);
    }

    protected HttpRequest.Builder asAdmin(String pathAndQuery) {
        return HttpRequest.newBuilder(uri(pathAndQuery))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + ADMIN_KEY);
    }

    protected HttpResponse<String> get(String pathAndQuery) {
        return send(asAdmin(pathAndQuery).build());
    }

    protected HttpResponse<String> post(String pathAndQuery, String json) {
        return send(asAdmin(pathAndQuery)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    protected static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key with the scopes given; returns the whole answer. */
    protected JsonNode newKey(String... scopes) {
        HttpResponse<String> answer = post(
                "/v1/admin/keys",
                JSON.writeValueAsString(Map.of("name", "test", "project", "physics", "scopes", List.of(scopes))));
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /** Reports a worker until {@link #stopWorker}, and returns once the gateway knows. */
    protected void startWorker(String id, URI url, ResidentModel... resident) {
        startWorker(id, url, 0, 0, resident);
    }

    protected void startWorker(String id, URI url, long freeMemory, int running, ResidentModel... resident) {
        WORKERS.start(id, url, freeMemory, running, resident);
        await("worker " + id + " to be known", () -> isKnown(id));
    }

    protected void stopWorker(String id) {
        WORKERS.stop(id);
        await("worker " + id + " to be gone", () -> !isKnown(id));
    }

    protected boolean isKnown(String id) {
        return workers.any().stream().anyMatch(worker -> worker.id().equals(id));
    }

    protected static void await(String what, BooleanSupplier fact) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited 10 s for " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    protected static String chat(String model) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"model\":\"" + model + "\"}";
    }
}
