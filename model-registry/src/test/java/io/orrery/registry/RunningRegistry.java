package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.hub.HubClient;
import io.orrery.registry.blob.FillingDisk;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
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

/** The whole service on real HTTP, a real PostgreSQL and a real Kafka: one context for all tests that extend this. */
@SpringBootTest(
        classes = RegistryApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            RegistryApplication.CONFIGURATION,
            "spring.test.metrics.export=true",
            "orrery.registry.scrub.rate=0",
            "orrery.registry.policy.forbidden=*.forbidden-in-tests",
            "orrery.registry.policy.sizes[0].pattern=*.small-in-tests",
            "orrery.registry.policy.sizes[0].most=10B",
            "orrery.registry.policy.licences.deny=denied-in-tests",
            "orrery.identity.secret=" + Tokens.SECRET
        })
@Import({FillingDisk.OfContext.class, Interleaving.class})
public abstract class RunningRegistry {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final EmbeddedPostgres POSTGRES = postgres();
    protected static final EmbeddedKafkaKraftBroker KAFKA = kafka();
    protected static final Path BLOBS = folder();

    static final Path CACHES = folder();

    @LocalServerPort
    int port;

    @Autowired
    protected JdbcClient jdbc;

    @Autowired
    FillingDisk disk;

    @AfterEach
    void emptyDisk() {
        disk.room(FillingDisk.NEVER);
        disk.free(FillingDisk.NEVER);
    }

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("orrery.registry.import.roots", CACHES::toString);
        registry.add(
                "spring.datasource.url", () -> POSTGRES.getJdbcUrl("postgres", "postgres") + "&currentSchema=registry");
        registry.add("spring.datasource.username", () -> "postgres");
        registry.add("spring.datasource.password", () -> "postgres");
        registry.add("spring.kafka.bootstrap-servers", KAFKA::getBrokersAsString);
        registry.add("orrery.registry.blobs", BLOBS::toString);
        // a worker that dies is noticed before a test is tired of waiting
        registry.add("orrery.registry.conversions.lock", () -> "4s");
    }

    /** What another registry on the same servers is told, so that it has a schema of its own. */
    static Map<String, Object> database(String schema) {
        return Map.of(
                "spring.datasource.url",
                POSTGRES.getJdbcUrl("postgres", "postgres") + "&currentSchema=" + schema,
                "spring.datasource.username",
                "postgres",
                "spring.datasource.password",
                "postgres",
                "spring.flyway.schemas",
                schema,
                "spring.jpa.properties.hibernate.default_schema",
                schema,
                "spring.kafka.bootstrap-servers",
                KAFKA.getBrokersAsString(),
                // its workers would take what is asked for here
                "orrery.registry.conversions.workers",
                0);
    }

    /** Sends a request; the token may be empty. Headers come as name, value, name, value. */
    protected HttpResponse<String> callAs(String token, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)))
                .timeout(Duration.ofSeconds(120))
                .method(method, BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return sent(request.build());
    }

    protected HttpResponse<String> post(String token, String path, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(path)))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return sent(request);
    }

    private static HttpResponse<String> sent(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** As a caller who may read and write. */
    protected HttpResponse<String> call(String method, String path, String body, String... headers) {
        return callAs(Tokens.of("alice", "lab", Scope.MODELS_READ, Scope.MODELS_WRITE), method, path, body, headers);
    }

    protected HttpResponse<String> get(String path, String... headers) {
        return call("GET", path, "", headers);
    }

    protected static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** Where the next page is, on this server; empty at the last. */
    String nextPage(HttpResponse<?> page) {
        String link = header(page, "Link");
        assertThat(link).matches("|<" + url("/") + "[^>]+>; rel=\"next\"");
        return link.isEmpty() ? "" : link.substring(1 + url("").length(), link.indexOf('>'));
    }

    protected JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    /** Waits until something is so that another thread makes so. */
    protected static void eventually(BooleanSupplier condition) {
        Instant deadline = Instant.now().plusSeconds(30);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("it was not so within 30 seconds");
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    protected HubClient client(String caller, Scope... scopes) {
        return new HubClient(URI.create(url("")), () -> Tokens.of(caller, "lab", scopes));
    }

    HubClient client(String caller, String project) {
        return new HubClient(
                URI.create(url("")), () -> Tokens.of(caller, project, Scope.MODELS_READ, Scope.MODELS_WRITE));
    }

    protected HubClient alice() {
        return client("alice", Scope.MODELS_READ, Scope.MODELS_WRITE);
    }

    protected String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private static EmbeddedPostgres postgres() {
        try {
            return EmbeddedPostgres.start();
        } catch (IOException e) {
            throw new IllegalStateException("PostgreSQL did not start", e);
        }
    }

    private static EmbeddedKafkaKraftBroker kafka() {
        EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, 1);
        broker.brokerProperty("share.coordinator.state.topic.replication.factor", "1");
        broker.brokerProperty("share.coordinator.state.topic.min.isr", "1");
        broker.brokerProperty("share.coordinator.state.topic.num.partitions", "1");
        broker.brokerProperty("group.share.min.record.lock.duration.ms", "1000");
        broker.afterPropertiesSet();
        return broker;
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("registry-blobs");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
