package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.CommitResult;
import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import io.orrery.engine.checkpoint.gguf.GgufWriter;
import io.orrery.engine.tensor.DType;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What clients of container registries get: Ollama, llama.cpp, oras and the like. */
class ImagesTest extends RunningRegistry {
    private static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String OCI = "application/vnd.oci.image.manifest.v1+json";
    private static final String NOBODY = Tokens.of(ServiceToken.ANONYMOUS, null, Scope.MODELS_READ);
    private static final String CHATML = "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n'"
            + " + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    @TempDir
    static Path folder;

    private static byte[] small = {};
    private static byte[] large = {};

    @BeforeAll
    static void models() throws IOException {
        small = gguf("small.gguf", 15, 8);
        large = gguf("large.gguf", 7, 16);
    }

    private static byte[] gguf(String name, int fileType, int rows) throws IOException {
        GgufWriter.write(
                folder.resolve(name),
                Map.of(
                        "general.architecture", "llama",
                        "general.file_type", fileType,
                        "tokenizer.chat_template", CHATML),
                Map.of("w", InspectionTest.tensor(DType.F32, rows, 32)));
        return Files.readAllBytes(folder.resolve(name));
    }

    private String publish(String repo, boolean isPrivate) {
        alice().createRepo(RepoType.MODEL, repo, isPrivate, true);
        CommitResult made = alice().commit(new CommitRequest(
                RepoType.MODEL,
                repo,
                "main",
                "Add",
                List.of(
                        Upload.bytes("model-Q8_0.gguf", large),
                        Upload.bytes("model-Q4_K_M.gguf", small),
                        Upload.text("LICENSE", "Do as you like"))));
        return made.commitOid();
    }

    private HttpResponse<byte[]> ask(String token, String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + token);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray());
    }

    private static JsonNode tree(HttpResponse<byte[]> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static String digest(byte[] bytes) {
        return "sha256:" + Sha256.of(bytes).hex();
    }

    @Test
    void ollamaPullsWhatIsPublicWithoutAKeyAndEachLayerIsWhatItsDigestSays() throws Exception {
        publish("oci/open", false);

        HttpResponse<byte[]> answer = ask(NOBODY, "GET", "/v2/oci/open/manifests/latest", "Accept", DOCKER);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo(DOCKER);
        assertThat(header(answer, "Docker-Content-Digest")).isEqualTo(digest(answer.body()));
        JsonNode manifest = tree(answer);
        assertThat(manifest.path("schemaVersion").asInt()).isEqualTo(2);
        assertThat(manifest.path("layers").findValuesAsString("mediaType"))
                .containsExactly(
                        "application/vnd.ollama.image.model",
                        "application/vnd.ollama.image.template",
                        "application/vnd.ollama.image.params",
                        "application/vnd.ollama.image.license");
        assertThat(manifest.at("/layers/0/digest").asString())
                .as("Q4_K_M is what nobody names")
                .isEqualTo(digest(small));
        for (JsonNode layer : manifest.path("layers").valueStream().toList()) {
            pulled(layer);
        }
        JsonNode config = JsonMapper.shared().readTree(pulled(manifest.path("config")));
        assertThat(config.path("model_family").asString()).isEqualTo("llama");
        assertThat(config.path("file_type").asString()).isEqualTo("Q4_K_M");
        assertThat(new String(pulled(manifest.at("/layers/1"))))
                .contains("<|im_start|>user\n{{ $m.Content }}<|im_end|>");
        assertThat(new String(pulled(manifest.at("/layers/2")))).isEqualTo("{\"stop\":[\"<|im_end|>\"]}");
    }

    private byte[] pulled(JsonNode layer) throws Exception {
        String path = "/v2/oci/open/blobs/" + layer.path("digest").asString();
        HttpResponse<byte[]> head = ask(NOBODY, "HEAD", path);
        assertThat(header(head, "Content-Length"))
                .isEqualTo(layer.path("size").asString(layer.path("size").toString()));
        HttpResponse<byte[]> whole = ask(NOBODY, "GET", path);
        assertThat(digest(whole.body())).isEqualTo(layer.path("digest").asString());
        HttpResponse<byte[]> part = ask(NOBODY, "GET", path, "Range", "bytes=2-5");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole.body(), 2, 6));
        return whole.body();
    }

    @Test
    void aTagIsAQuantisationOrARevision() throws Exception {
        String commit = publish("oci/tags", false);
        for (String tag : List.of("Q8_0", "q8_0")) {
            assertThat(tree(ask(NOBODY, "GET", "/v2/oci/tags/manifests/" + tag, "Accept", DOCKER))
                            .at("/layers/0/digest")
                            .asString())
                    .isEqualTo(digest(large));
        }
        assertThat(ask(NOBODY, "HEAD", "/v2/oci/tags/manifests/" + commit, "Accept", DOCKER)
                        .statusCode())
                .isEqualTo(200);
        assertThat(tree(ask(NOBODY, "GET", "/v2/oci/tags/tags/list"))
                        .path("tags")
                        .toString())
                .isEqualTo("[\"Q4_K_M\",\"Q8_0\",\"latest\",\"main\"]");
        JsonNode refused = tree(ask(NOBODY, "GET", "/v2/oci/tags/manifests/Q2_K", "Accept", DOCKER));
        assertThat(refused.at("/errors/0/code").asString()).isEqualTo("MANIFEST_UNKNOWN");
        assertThat(refused.at("/errors/0/message").asString()).contains("latest, Q4_K_M, Q8_0");
    }

    @Test
    void nothingRefersToAManifest() throws Exception {
        publish("oci/referred", false);
        String referrers = "/v2/oci/referred/referrers/";
        HttpResponse<byte[]> answer = ask(NOBODY, "GET", referrers + digest(large));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/vnd.oci.image.index.v1+json");
        assertThat(tree(answer).path("schemaVersion").asInt()).isEqualTo(2);
        assertThat(tree(answer).path("manifests").isArray()).isTrue();
        assertThat(tree(answer).path("manifests")).isEmpty();
        assertThat(ask(NOBODY, "GET", referrers + "main").statusCode()).isEqualTo(400);
    }

    @Test
    void olderLlamaCppIsToldAFile() throws Exception {
        publish("oci/llama", false);
        JsonNode answer =
                tree(ask(NOBODY, "GET", "/v2/oci/llama/manifests/Q8_0", "User-Agent", "llama-cpp", "Accept", "*/*"));
        assertThat(answer.at("/ggufFile/rfilename").asString()).isEqualTo("model-Q8_0.gguf");
    }

    @Test
    void newerLlamaCppListsRefsAndFilesAndResolves() throws Exception {
        String commit = publish("oci/llama-new", false);
        assertThat(tree(ask(NOBODY, "GET", "/api/models/oci/llama-new/refs"))
                        .at("/branches/0/targetCommit")
                        .asString())
                .isEqualTo(commit);
        assertThat(tree(ask(NOBODY, "GET", "/api/models/oci/llama-new/tree/" + commit + "?recursive=true"))
                        .findValuesAsString("path"))
                .contains("model-Q4_K_M.gguf");
        assertThat(ask(NOBODY, "GET", "/oci/llama-new/resolve/" + commit + "/model-Q4_K_M.gguf")
                        .body())
                .isEqualTo(small);
    }

    @Test
    void orasPullsAWholeRevisionByItsPaths() throws Exception {
        publish("oci/whole", false);
        HttpResponse<byte[]> answer = ask(NOBODY, "GET", "/v2/oci/whole/manifests/main", "Accept", OCI + ", " + DOCKER);
        JsonNode manifest = tree(answer);
        assertThat(header(answer, "Content-Type")).isEqualTo(OCI);
        assertThat(manifest.path("layers").findValuesAsString("org.opencontainers.image.title"))
                .containsExactly(".gitattributes", "LICENSE", "model-Q4_K_M.gguf", "model-Q8_0.gguf");
        String byDigest = "/v2/oci/whole/manifests/" + header(answer, "Docker-Content-Digest");
        assertThat(ask(NOBODY, "GET", byDigest).body()).isEqualTo(answer.body());
        String blob = "/v2/oci/whole/blobs/" + manifest.at("/layers/3/digest").asString();
        assertThat(ask(NOBODY, "GET", blob).body()).isEqualTo(large);
    }

    @Test
    void whatIsPrivateIsAskedForWithAKeyAndADigestIsNoRight() throws Exception {
        publish("oci/hidden", true);
        publish("oci/other", false);
        String key = Tokens.of("alice", "lab", Scope.MODELS_READ);
        HttpResponse<byte[]> refused = ask(NOBODY, "GET", "/v2/oci/hidden/manifests/latest", "Accept", DOCKER);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(header(refused, "WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"" + url("/v2/token")
                        + "\",service=\"orrery\",scope=\"repository:oci/hidden:pull\"");
        assertThat(tree(refused).at("/errors/0/code").asString()).isEqualTo("UNAUTHORIZED");
        assertThat(ask(key, "GET", "/v2/oci/hidden/manifests/latest", "Accept", DOCKER)
                        .statusCode())
                .isEqualTo(200);
        assertThat(ask(NOBODY, "GET", "/v2/oci/hidden/blobs/" + digest(small)).statusCode())
                .isEqualTo(401);
        assertThat(tree(ask(NOBODY, "GET", "/v2/oci/other/blobs/" + digest(new byte[] {1})))
                        .at("/errors/0/code")
                        .asString())
                .isEqualTo("BLOB_UNKNOWN");
        assertThat(ask(NOBODY, "GET", "/v2/oci/other/blobs/sha256:12").statusCode())
                .isEqualTo(400);
    }
}
