package io.orrery.inference;

import io.orrery.api.identity.Scope;
import io.orrery.inference.model.Models;
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
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service on real HTTP and a real Kafka, before a registry that has tiny models: one context for all tests that extend this. */
@SpringBootTest(
        classes = InferenceApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            InferenceApplication.CONFIGURATION,
            "spring.test.metrics.export=true",
            "orrery.identity.secret=" + Tokens.SECRET,
            "orrery.inference.worker-id=w1",
            "orrery.inference.worker-url=http://127.0.0.1:1",
            "orrery.inference.threads=1",
            "orrery.inference.cache-size=8MB",
            "orrery.inference.memory=30MB",
            "orrery.inference.ping=300ms",
            "orrery.inference.look=20ms",
            "orrery.inference.max-request=1MB",
            "orrery.inference.revision-ttl=100ms",
            "orrery.inference.room-patience=300ms",
            "orrery.inference.max-sequences=8"
        })
abstract class RunningInference {
    static final String MODEL = "lab/tiny";
    static final StubHub HUB = new StubHub();
    static final Path FOLDER = folder();
    static final EmbeddedKafkaKraftBroker KAFKA = kafka();
    static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static final JsonMapper JSON = JsonMapper.shared();

    @LocalServerPort
    int port;

    @Autowired
    Models models;

    static {
        HUB.commit(MODEL, TinyFolder.write(FOLDER.resolve("tiny"), 1), "text-generation");
    }

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", KAFKA::getBrokersAsString);
        registry.add("orrery.inference.registry-url", HUB::url);
        registry.add("orrery.inference.cache", () -> FOLDER.resolve("cache"));
    }

    @AfterEach
    void nothingIsLeftRunning() {
        HUB.away(false);
        await("everything ended", () -> models.running() == 0 && models.waiting() == 0);
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    HttpRequest.Builder request(String token, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url(path)).timeout(Duration.ofSeconds(60));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(Tokens.of("lab", Scope.INFERENCE), path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.replace('\'', '"')))
                .build());
    }

    HttpResponse<String> get(String path) {
        return send(request(Tokens.of("lab", Scope.INFERENCE), path).build());
    }

    static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The answer of a request that must succeed. */
    JsonNode answer(String path, String body) {
        HttpResponse<String> response = post(path, body);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 20 s: " + what);
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("inference");
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
}
