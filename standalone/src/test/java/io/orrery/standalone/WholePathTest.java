package io.orrery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoInfo;
import io.orrery.api.hub.RepoType;
import io.orrery.gateway.NodeScripts;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.HubClient;
import io.orrery.hub.Upload;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The three journeys on one model, through the gateway, as a client makes them; then again after a restart. */
class WholePathTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String MODEL = "lab/tiny";
    private static final String LINE =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"one\"},{\"role\":\"assistant\",\"content\":\"two\"}]}\n";
    private static final String BOUNDARY = "boundary-of-parts";

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aModelIsHostedAskedTunedAndStillThereAfterARestart(@TempDir Path folder) throws Exception {
        Path model = Files.createDirectory(folder.resolve("model"));
        TinyModel.write(model);
        StandaloneOptions options = new StandaloneOptions(folder.resolve("data"), "127.0.0.1", 0, "cpu", 2);
        String tuned;
        String answer;
        try (Standalone platform = Standalone.start(options, step -> {})) {
            assertThat(platform.keyIsNew()).isTrue();
            publish(platform, model);
            JsonNode chat = chat(platform, MODEL);
            assertThat(chat.path("usage").path("completion_tokens").asInt()).isPositive();
            assertThat(call(platform, "GET", "/v1/models", null, "").body()).contains(MODEL);
            tuned = tune(platform);
            answer = content(chat(platform, tuned));
            assertLineage(platform, tuned.substring(tuned.indexOf(':') + 1));
            assertRefusals(platform);
            assertRealClients(platform, model);
        }
        try (Standalone platform = Standalone.start(options, step -> {})) {
            assertThat(platform.keyIsNew()).isFalse();
            assertThat(content(chat(platform, tuned))).isEqualTo(answer);
            assertThat(get(platform, "/v1/fine_tuning/jobs").path("data").valueStream())
                    .anyMatch(job -> tuned.equals(job.path("fine_tuned_model").asString()));
        }
    }

    private static void publish(Standalone platform, Path model) throws IOException {
        try (HubClient hub = new HubClient(platform.address(), platform::adminKey);
                Stream<Path> files = Files.list(model)) {
            List<Upload> uploads = files.map(
                            file -> Upload.file(file.getFileName().toString(), file))
                    .toList();
            hub.commit(new CommitRequest(RepoType.MODEL, MODEL, "main", "Add", uploads).creatingRepository());
        }
    }

    private JsonNode chat(Standalone platform, String model) throws Exception {
        HttpResponse<String> response = post(
                platform,
                "/v1/chat/completions",
                Map.of(
                        "model",
                        model,
                        "messages",
                        List.of(Map.of("role", "user", "content", "one two")),
                        "temperature",
                        0,
                        "max_tokens",
                        8));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static String content(JsonNode chat) {
        return chat.path("choices").path(0).path("message").path("content").asString();
    }

    private String tune(Standalone platform) throws Exception {
        String file = upload(platform, LINE.repeat(16)).path("id").asString();
        HttpResponse<String> created = post(
                platform,
                "/v1/fine_tuning/jobs",
                Map.of(
                        "model",
                        MODEL,
                        "training_file",
                        file,
                        "suffix",
                        "counting",
                        "method",
                        Map.of(
                                "type",
                                "supervised",
                                "supervised",
                                Map.of("hyperparameters", Map.of("max_steps", 4, "batch_size", 4)))));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
        String job = JSON.readTree(created.body()).path("id").asString();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        JsonNode seen = JSON.createObjectNode();
        while (System.nanoTime() < deadline) {
            seen = get(platform, "/v1/fine_tuning/jobs/" + job);
            if (List.of("succeeded", "failed", "cancelled")
                    .contains(seen.path("status").asString())) {
                break;
            }
            Thread.sleep(100);
        }
        assertThat(seen.path("status").asString()).as(seen.toString()).isEqualTo("succeeded");
        assertThat(get(platform, "/v1/fine_tuning/jobs/" + job + "/events").toString())
                .contains("train_loss");
        return seen.path("fine_tuned_model").asString();
    }

    private static void assertLineage(Standalone platform, String adapter) {
        try (HubClient hub = new HubClient(platform.address(), platform::adminKey)) {
            String baseCommit = hub.info(MODEL, "main").sha();
            RepoInfo info = hub.info(adapter, "main");
            assertThat(info.tags()).contains("base_model:adapter:" + MODEL);
            assertThat(info.inspection().lineage())
                    .anyMatch(ancestor -> ancestor.repo().equals(MODEL) && baseCommit.equals(ancestor.revision()));
        }
    }

    private void assertRefusals(Standalone platform) throws Exception {
        HttpResponse<String> unknown = post(
                platform,
                "/v1/chat/completions",
                Map.of("model", "lab/none", "messages", List.of(Map.of("role", "user", "content", "one"))));
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("model_not_found", "lab/none");
        HttpRequest stranger = HttpRequest.newBuilder(platform.address().resolve("/v1/models"))
                .header("Authorization", "Bearer hf_" + "x".repeat(34))
                .build();
        assertThat(http.send(stranger, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
    }

    /** The openai and @huggingface/hub clients from npm; a machine without Node skips what is left of the test, and says so. */
    private static void assertRealClients(Standalone platform, Path model) throws Exception {
        NodeScripts scripts = NodeScripts.install(Path.of("../gateway/src/test/node"), Path.of("target/node"));
        Path training = Files.writeString(model.resolveSibling("train.jsonl"), LINE.repeat(16));
        Map<String, String> environment = Map.of(
                "ORRERY_URL", platform.address().toString(),
                "ORRERY_KEY", platform.adminKey(),
                "ORRERY_MODEL", MODEL,
                "ORRERY_TRAINING_FILE", training.toString());
        List<JsonNode> steps =
                scripts
                        .run(environment, "openai.mjs", "models", "chat", "stream", "files", "tuning", "unknownModel")
                        .stream()
                        .map(JSON::readTree)
                        .toList();
        assertThat(steps.get(0).path("one").asString()).isEqualTo(MODEL);
        assertThat(steps.get(2).path("content")).isEqualTo(steps.get(1).path("content"));
        assertThat(steps.get(3).path("same").asBoolean()).isTrue();
        assertThat(steps.get(3).path("deleted").asBoolean()).isTrue();
        assertThat(steps.get(4).path("listed").asBoolean()).isTrue();
        assertThat(steps.get(5).path("code").asString()).isEqualTo("model_not_found");
        JsonNode hub = JSON.readTree(
                scripts.run(environment, "hub.mjs", MODEL, "model.safetensors").getFirst());
        assertThat(hub.path("files").toString()).contains("tokenizer.json", "config.json");
        assertThat(hub.path("size").asLong()).isEqualTo(Files.size(model.resolve("model.safetensors")));
        byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
        assertThat(hub.path("sha256").asString())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(weights)));
    }

    private JsonNode upload(Standalone platform, String content) throws Exception {
        String body = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"train.jsonl\"\r\n\r\n" + content
                + "\r\n--"
                + BOUNDARY + "--\r\n";
        HttpResponse<String> response =
                call(platform, "POST", "/v1/files", body, "multipart/form-data; boundary=" + BOUNDARY);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private JsonNode get(Standalone platform, String path) throws Exception {
        HttpResponse<String> response = call(platform, "GET", path, null, "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> post(Standalone platform, String path, Map<String, Object> body) throws Exception {
        return call(platform, "POST", path, JSON.writeValueAsString(body), "application/json");
    }

    private HttpResponse<String> call(Standalone platform, String method, String path, String body, String type)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(platform.address().resolve(path))
                .header("Authorization", "Bearer " + platform.adminKey())
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", type);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
