package io.orrery.registry;

import io.orrery.api.hub.CommitResult;
import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A second registry that mirrors the first one through a hub that fails on demand: one for all tests that extend this, with a schema of its
 * own.
 */
public abstract class MirroredRegistry extends RunningRegistry {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static FaultyUpstream upstream;
    private static ConfigurableApplicationContext mirror;

    @BeforeEach
    void mirror() throws IOException {
        if (mirror == null) {
            upstream = new FaultyUpstream(URI.create(url("")));
            mirror = start(Map.of());
        }
        upstream.forget();
        later();
    }

    /** What the mirror knows is old now, and what it remembers of failures is forgotten. */
    protected static void later() {
        mirror.getBean(MovableClock.class).forward(Duration.ofHours(2));
    }

    static ConfigurableApplicationContext start(Map<String, Object> more) throws IOException {
        Map<String, Object> settings = new HashMap<>(database("mirror"));
        settings.put("server.port", 0);
        // a request that waits for the upstream holds the stop of a registry up
        settings.put("spring.lifecycle.timeout-per-shutdown-phase", "1s");
        settings.put("orrery.identity.secret", Tokens.SECRET);
        settings.put("orrery.registry.blobs", Files.createTempDirectory("mirror-blobs"));
        settings.put("orrery.registry.import.roots", CACHES);
        settings.put("orrery.registry.mirror.upstream", upstream.address());
        settings.put("orrery.registry.mirror.token", FaultyUpstream.TOKEN);
        settings.put("orrery.registry.mirror.patience", "2s");
        settings.put("orrery.registry.mirror.deny", "denied-on-mirrors/*");
        settings.put("orrery.registry.policy.forbidden", "*.forbidden-on-mirrors");
        settings.put("orrery.registry.policy.licences.deny", "denied-on-mirrors");
        settings.putAll(more);
        return new SpringApplicationBuilder(RegistryApplication.class, MovableClock.OfContext.class)
                .properties(RegistryApplication.CONFIGURATION)
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
    }

    protected static String mirrorUrl(String path) {
        return "http://127.0.0.1:" + mirror.getEnvironment().getProperty("local.server.port") + path;
    }

    protected static <T> T mirrorBean(Class<T> type) {
        return mirror.getBean(type);
    }

    protected static JdbcClient mirrorRows() {
        return mirrorBean(JdbcClient.class);
    }

    /** A repository of the first registry. */
    protected CommitResult publish(String repo, Upload... files) {
        return alice().commit(new CommitRequest(RepoType.MODEL, repo, "main", "Add files", List.of(files))
                .creatingRepository());
    }

    protected static HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(mirrorUrl(path)))
                .timeout(Duration.ofSeconds(60))
                .setHeader(
                        "Authorization",
                        "Bearer " + Tokens.of("dora", "readers", Scope.MODELS_READ, Scope.MODELS_WRITE));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return request;
    }

    protected static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException {
        try {
            return HTTP.send(request, handler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    protected static HttpResponse<byte[]> mirrored(String path, String... headers) throws IOException {
        return send(request(path, headers).build(), BodyHandlers.ofByteArray());
    }

    static HttpResponse<Void> head(String path, String... headers) throws IOException {
        return send(request(path, headers).HEAD().build(), BodyHandlers.discarding());
    }

    static HttpResponse<String> post(String method, String path, String body) throws IOException {
        return send(request(path).method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    static JsonNode tree(HttpResponse<byte[]> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    /** As an administrator of the mirror. */
    protected static HttpResponse<String> order(String method, String path, String body) throws IOException {
        return send(
                request(
                                path,
                                "Authorization",
                                "Bearer "
                                        + Tokens.of("root", "lab", Scope.MODELS_READ, Scope.MODELS_WRITE, Scope.ADMIN))
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
