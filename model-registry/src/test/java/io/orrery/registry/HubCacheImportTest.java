package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.registry.blob.Sha256;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HubCacheImportTest extends RunningRegistry {
    private static final String FIRST = "1".repeat(40);
    private static final String SECOND = "2".repeat(40);
    private static final byte[] WEIGHTS = new byte[300_000];

    static {
        new Random(4).nextBytes(WEIGHTS);
    }

    private HubCacheFolder cache;

    @BeforeEach
    void cache() throws IOException {
        cache = HubCacheFolder.in(CACHES);
    }

    private HttpResponse<String> ask(Path folder, Map<String, Object> more) {
        Map<String, Object> body = new java.util.HashMap<>(Map.of("folder", folder.toString()));
        body.putAll(more);
        return callAs(
                Tokens.of("root", "lab", Scope.ADMIN),
                "POST",
                "/api/import",
                JsonMapper.shared().writeValueAsString(body));
    }

    private List<JsonNode> taken(Map<String, Object> more) {
        HttpResponse<String> answer = ask(cache.root(), more);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<JsonNode> events =
                answer.body().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(events.getLast().path("event").asString()).as(answer.body()).isEqualTo("done");
        return events;
    }

    private static List<String> of(List<JsonNode> events, String event, String what) {
        return events.stream()
                .filter(one -> one.path("event").asString().equals(event))
                .map(one -> one.path(what).asString())
                .toList();
    }

    private void model(String repo) throws IOException {
        cache.large(repo, FIRST, "model.safetensors", WEIGHTS);
        cache.small(repo, FIRST, "config.json", "{\"model_type\":\"llama\",\"v\":1}");
        cache.small(repo, SECOND, "config.json", "{\"model_type\":\"llama\",\"v\":2}");
        cache.link(
                repo,
                SECOND,
                "model.safetensors",
                cache.repo(repo).resolve("blobs").resolve(Sha256.of(WEIGHTS).hex()));
        cache.small(repo, SECOND, "onnx/deep/config.json", "{}");
        cache.ref(repo, "main", SECOND);
        cache.ref(repo, "refs/pr/1", FIRST);
    }

    @Test
    void commitsAreReadByTheIdsThatTheyHadThere() throws Exception {
        model("org-a/tiny");

        JsonNode done = taken(Map.of()).getLast();

        assertThat(done.path("repositories").asInt()).isEqualTo(1);
        assertThat(done.path("files").asInt()).isEqualTo(5);
        assertThat(done.path("skipped").asInt()).isZero();
        HttpResponse<String> old = get("/org-a/tiny/resolve/" + FIRST + "/config.json");
        assertThat(old.body()).isEqualTo("{\"model_type\":\"llama\",\"v\":1}");
        assertThat(header(old, "X-Repo-Commit")).isEqualTo(FIRST);
        assertThat(header(old, "ETag"))
                .isEqualTo('"' + HubCacheFolder.gitHash(old.body().getBytes(StandardCharsets.UTF_8)) + '"');
        HttpResponse<String> weights = call("HEAD", "/org-a/tiny/resolve/main/model.safetensors", "");
        assertThat(header(weights, "X-Repo-Commit")).isEqualTo(SECOND);
        assertThat(header(weights, "X-Linked-ETag"))
                .isEqualTo('"' + Sha256.of(WEIGHTS).hex() + '"');
        assertThat(json(get("/api/models/org-a/tiny")).path("sha").asString()).isEqualTo(SECOND);
        assertThat(get("/org-a/tiny/resolve/refs%2Fpr%2F1/config.json").body()).contains("\"v\":1");
        assertThat(json(get("/api/models/org-a/tiny/tree/" + SECOND + "?recursive=true"))
                        .findValuesAsString("path"))
                .containsExactlyInAnyOrder(
                        "config.json", "model.safetensors", "onnx", "onnx/deep", "onnx/deep/config.json");
        Path folder = alice().snapshot("org-a/tiny", SECOND, Files.createTempDirectory("snapshot"), (p, d, t) -> {});
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aLargeContentIsLinkedAndNoOneWritesToItAnyMore() throws Exception {
        byte[] content = new byte[100_000];
        new Random(5).nextBytes(content);
        Path blob = cache.large("org-b/linked", FIRST, "model.safetensors", content);
        cache.ref("org-b/linked", "main", FIRST);

        assertThat(of(taken(Map.of()), "taken", "how")).containsExactly("linked");

        Path kept = BLOBS.resolve("sha256")
                .resolve(Sha256.of(content).hex().substring(0, 2))
                .resolve(Sha256.of(content).hex().substring(2, 4))
                .resolve(Sha256.of(content).hex());
        assertThat(Files.isSameFile(kept, blob)).as("one file of two names").isTrue();
        assertThat(Files.getPosixFilePermissions(blob).toString()).doesNotContain("WRITE");
        assertThat(of(taken(Map.of()), "taken", "how")).as("the second time").containsExactly("here");
    }

    @Test
    void aContentIsCopiedWhereThatIsAskedFor() throws Exception {
        byte[] content = new byte[100_000];
        new Random(6).nextBytes(content);
        Path blob = cache.large("org-b/copied", FIRST, "model.safetensors", content);

        assertThat(of(taken(Map.of("copy", true)), "taken", "how")).containsExactly("copied");

        assertThat(Files.getPosixFilePermissions(blob).toString()).contains("OWNER_WRITE");
        assertThat(header(call("HEAD", "/org-b/copied/resolve/main/model.safetensors", ""), "X-Repo-Commit"))
                .as("main is what was downloaded last")
                .isEqualTo(FIRST);
    }

    @Test
    void whatIsBrokenIsToldAndLeftOut(@TempDir Path elsewhere) throws Exception {
        String repo = "org-c/broken";
        cache.small(repo, FIRST, "good.txt", "good");
        cache.link(repo, FIRST, "gone.bin", cache.repo(repo).resolve("blobs").resolve("0".repeat(64)));
        cache.file(
                repo,
                FIRST,
                "damaged.bin",
                Sha256.of("other".getBytes(StandardCharsets.UTF_8)).hex(),
                WEIGHTS);
        Files.write(cache.repo(repo).resolve("blobs").resolve("ab.12.incomplete"), WEIGHTS);
        Path secret = Files.writeString(elsewhere.resolve("secret.txt"), "a secret");
        cache.link(repo, FIRST, "secret.txt", secret);
        cache.link(repo, FIRST, "folder", elsewhere);
        Files.createDirectories(cache.repo(repo).resolve("snapshots/not-a-commit"));
        cache.ref(repo, "main", FIRST);
        cache.ref(repo, "old", SECOND);
        Files.createDirectories(cache.root().resolve("models--..--x/snapshots"));

        List<JsonNode> events = taken(Map.of());

        assertThat(of(events, "taken", "path")).containsExactly("good.txt");
        assertThat(of(events, "skipped", "why"))
                .hasSize(8)
                .anyMatch(why -> why.startsWith("its content is missing: the link leads to"))
                .anyMatch(why -> why.contains("in place of "
                        + Sha256.of("other".getBytes(StandardCharsets.UTF_8)).hex()))
                .anyMatch(why -> why.equals("its download has not ended"))
                .anyMatch(why -> why.equals("it is a link that leads out of the cache"))
                .anyMatch(why -> why.startsWith("a snapshot is a folder named after a commit"))
                .anyMatch(why -> why.equals("it names no commit that was downloaded"))
                .anyMatch(why -> why.equals("it is named after no repository"));
        assertThat(json(get("/api/models/org-c/broken/tree/main")).findValuesAsString("path"))
                .containsExactly("good.txt");
    }

    @Test
    void aCacheWithoutLinksIsHashed() throws Exception {
        Path snapshot = Files.createDirectories(cache.root()
                .resolve("datasets--org-d--rows/snapshots")
                .resolve(FIRST)
                .resolve("data"));
        Files.write(snapshot.resolve("rows.parquet"), WEIGHTS);
        Files.writeString(snapshot.resolveSibling(".gitattributes"), "*.parquet filter=lfs diff=lfs merge=lfs -text\n");

        taken(Map.of());

        JsonNode tree = json(get("/api/datasets/org-d/rows/tree/" + FIRST + "/data"));
        assertThat(tree.get(0).at("/lfs/oid").asString())
                .isEqualTo(Sha256.of(WEIGHTS).hex());
        assertThat(get("/datasets/org-d/rows/resolve/main/.gitattributes").body())
                .contains("*.parquet");
    }

    @Test
    void filesThatWereDownloadedLaterJoinTheirCommit() throws Exception {
        cache.small("org-e/grows", FIRST, "a.txt", "a");
        taken(Map.of());
        assertThat(get("/org-e/grows/resolve/" + FIRST + "/b.txt").statusCode()).isEqualTo(404);
        cache.small("org-e/grows", FIRST, "b.txt", "b");

        taken(Map.of());

        assertThat(get("/org-e/grows/resolve/" + FIRST + "/b.txt").body()).isEqualTo("b");
        assertThat(get("/org-e/grows/resolve/" + FIRST + "/a.txt").body()).isEqualTo("a");
    }

    @Test
    void oursAreNotWrittenOver() throws Exception {
        alice().createRepo(RepoType.MODEL, "lab/ours-and-cached", false, true);
        cache.small("lab/ours-and-cached", FIRST, "a.txt", "a");

        assertThat(of(taken(Map.of()), "skipped", "why"))
                .singleElement()
                .asString()
                .contains("this platform's own");

        assertThat(get("/lab/ours-and-cached/resolve/" + FIRST + "/a.txt").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aLookTakesNothingIn() throws Exception {
        model("org-f/looked-at");
        cache.small("org-f/other", FIRST, "a.txt", "a");

        List<JsonNode> events = taken(Map.of("dryRun", true, "repo", "ORG-F/look*"));

        assertThat(of(events, "repository", "repo")).containsExactly("org-f/looked-at");
        assertThat(events.getFirst().path("bytes").asLong()).isBetween(300_000L, 301_000L);
        assertThat(get("/api/models/org-f/looked-at").statusCode()).isEqualTo(404);
    }

    @Test
    void onlyAdministratorsHaveFoldersReadAndOnlyThoseThatAreNamed(@TempDir Path elsewhere) throws Exception {
        String body = JsonMapper.shared()
                .writeValueAsString(Map.of("folder", cache.root().toString()));
        assertThat(call("POST", "/api/import", body).statusCode()).isEqualTo(403);
        HttpResponse<String> outside = ask(elsewhere, Map.of());
        assertThat(outside.statusCode()).isEqualTo(403);
        assertThat(outside.body()).contains("orrery.registry.import.roots").contains(CACHES.toString());
        Path link = Files.createSymbolicLink(cache.root().resolve("link"), elsewhere);
        assertThat(ask(link, Map.of()).statusCode()).isEqualTo(403);
        assertThat(ask(cache.root().resolve("../../" + elsewhere.getFileName()), Map.of())
                        .statusCode())
                .isEqualTo(403);
        assertThat(ask(Path.of("relative"), Map.of()).statusCode()).isEqualTo(400);
        assertThat(call("POST", "/api/import", "{}").statusCode()).isEqualTo(403);
    }

    @Test
    void privateOnesAreForAdministrators() throws Exception {
        cache.small("org-g/hidden", FIRST, "a.txt", "a");

        taken(Map.of("private", true));

        assertThat(get("/api/models/org-g/hidden").statusCode()).isEqualTo(404);
        assertThat(callAs(
                                Tokens.of("root", "lab", Scope.ADMIN, Scope.MODELS_READ),
                                "GET",
                                "/org-g/hidden/resolve/main/a.txt",
                                "")
                        .body())
                .isEqualTo("a");
    }
}
