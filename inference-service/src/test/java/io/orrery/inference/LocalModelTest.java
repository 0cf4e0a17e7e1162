package io.orrery.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One folder of this machine, with no registry, no Kafka and no secret. */
class LocalModelTest {
    private static final String CHAT =
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":3}";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @Test
    void aFolderIsServedUnderItsOwnName() {
        TinyFolder.write(folder.resolve("my-model"), 1);
        try (ConfigurableApplicationContext context = start()) {
            JsonNode models = JsonMapper.shared()
                    .readTree(ask(context, "/v1/models", "", "").body());
            assertThat(models.at("/data/0/id").asString()).isEqualTo("my-model");
            HttpResponse<String> answer = ask(context, "/v1/chat/completions", CHAT.formatted("my-model"), "");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            HttpResponse<String> other = ask(context, "/v1/chat/completions", CHAT.formatted("gpt"), "");
            assertThat(other.statusCode()).isEqualTo(404);
            assertThat(other.body()).contains("The model 'gpt' does not exist; this server has 'my-model'.");
        }
    }

    @Test
    void aKeyIsAskedForWhereThereIsOne() {
        TinyFolder.write(folder.resolve("my-model"), 1);
        try (ConfigurableApplicationContext context =
                start("--orrery.inference.api-key=hf_sesame", "--orrery.inference.local-name=lab/named")) {
            assertThat(ask(context, "/health", "", "").statusCode()).isEqualTo(200);
            HttpResponse<String> stranger = ask(context, "/v1/models", "", "hf_other");
            assertThat(stranger.statusCode()).isEqualTo(401);
            assertThat(stranger.body()).contains("invalid_api_key");
            assertThat(ask(context, "/v1/models", "", "").statusCode()).isEqualTo(401);
            assertThat(ask(context, "/v1/chat/completions", CHAT.formatted("lab/named"), "hf_sesame")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private ConfigurableApplicationContext start(String... more) {
        String[] arguments = Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--orrery.inference.local-model=" + folder.resolve("my-model"),
                                "--orrery.inference.threads=1",
                                "--orrery.inference.cache-size=8MB"),
                        Arrays.stream(more))
                .toArray(String[]::new);
        return new SpringApplicationBuilder(InferenceApplication.class)
                .properties(InferenceApplication.CONFIGURATION)
                .run(arguments);
    }

    private static HttpResponse<String> ask(
            ConfigurableApplicationContext context, String path, String body, String key) {
        int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (!body.isEmpty()) {
            request.POST(BodyPublishers.ofString(body));
        }
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
