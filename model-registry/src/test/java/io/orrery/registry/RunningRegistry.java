package io.orrery.registry;

import io.orrery.api.identity.Scope;
import io.orrery.hub.HubClient;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole service on real HTTP, a real PostgreSQL and a real Kafka: one context for all tests that extend this. */
@SpringBootTest(
        classes = RegistryApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            RegistryApplication.CONFIGURATION,
            "spring.test.metrics.export=true",
            "orrery.identity.secret=" + Tokens.SECRET
        })
abstract class RunningRegistry {
    private static final EmbeddedPostgres POSTGRES = postgres();
    static final EmbeddedKafkaKraftBroker KAFKA = kafka();
    static final Path BLOBS = folder();

    @LocalServerPort
    int port;

    @Autowired
    JdbcClient jdbc;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add(
                "spring.datasource.url", () -> POSTGRES.getJdbcUrl("postgres", "postgres") + "&currentSchema=registry");
        registry.add("spring.datasource.username", () -> "postgres");
        registry.add("spring.datasource.password", () -> "postgres");
        registry.add("spring.kafka.bootstrap-servers", KAFKA::getBrokersAsString);
        registry.add("orrery.registry.blobs", BLOBS::toString);
    }

    HubClient client(String caller, Scope... scopes) {
        return new HubClient(URI.create(url("")), () -> Tokens.of(caller, "lab", scopes));
    }

    HubClient alice() {
        return client("alice", Scope.MODELS_READ, Scope.MODELS_WRITE);
    }

    String url(String path) {
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
