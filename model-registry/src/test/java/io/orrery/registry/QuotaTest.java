package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import tools.jackson.databind.JsonNode;

class QuotaTest extends RunningRegistry {
    private static final String ADMIN = Tokens.of("root", "lab", Scope.ADMIN);
    private static final String QUOTAS = "/api/admin/quotas";

    private String namespace = "";
    private String repo = "";

    @BeforeEach
    void repository(TestInfo test) {
        namespace = "quota-" + test.getTestMethod().orElseThrow().getName();
        repo = namespace + "/model";
        alice().createRepo(RepoType.MODEL, repo, false, false);
    }

    @AfterEach
    void withoutQuota() {
        callAs(ADMIN, "DELETE", QUOTAS + "?namespace=" + namespace, "");
    }

    @Test
    void whatEachRepositoryWasGivenCountsOnceInItsNamespace() {
        alice().createRepo(RepoType.DATASET, namespace + "/data", false, false);
        long before = usage().path("bytes").asLong();
        commit(repo, Upload.text("w.bin", "x".repeat(4000)), Upload.text("note.md", "of " + namespace));
        alice().commit(
                        namespace + "/data",
                        RepoType.DATASET,
                        "main",
                        "Again",
                        List.of(Upload.text("again.bin", "x".repeat(4000)), Upload.text("more.md", "of " + namespace)));
        assertThat(usage().path("bytes").asLong() - before).isEqualTo(4000 + ("of " + namespace).length());
        assertThat(usage().path("repositories").asInt()).isEqualTo(2);
        assertThat(usage().path("isDefault").asBoolean()).isTrue();
        alice().deleteRepo(RepoType.MODEL, repo);
        assertThat(usage().path("repositories").asInt()).isOne();
    }

    @Test
    void anUploadThatDoesNotFitIsRefusedBeforeItIsSent() {
        commit(repo, Upload.text("w.bin", "y".repeat(3000)));
        limit("\"bytes\":" + (usage().path("bytes").asLong() + 100));
        HttpResponse<String> refused = batch("z".repeat(101));
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(header(refused, "X-Error-Message"))
                .contains("The namespace " + namespace.toLowerCase() + " keeps ", "; this needs 101 more. Delete ");
        assertThat(json(refused).path("error").asString()).isEqualTo(header(refused, "X-Error-Message"));
        assertThat(batch("y".repeat(3000)).statusCode()).isEqualTo(200);
        assertThat(batch("z".repeat(100)).statusCode()).isEqualTo(200);
        assertThat(preupload(1 << 20).statusCode()).isEqualTo(413);
        assertThat(preupload(100).statusCode()).isEqualTo(200);
    }

    @Test
    void aCommitThatDoesNotFitChangesNothingAndOneThatTakesAwayDoes() {
        commit(repo, Upload.text("w.bin", "v".repeat(3000)), Upload.text("note.md", "old"));
        String head = alice().info(repo, "main").sha();
        limit("\"bytes\":" + usage().path("bytes").asLong());
        HttpResponse<String> refused = commitLine("file", "\"path\":\"note.md\",\"content\":\"new " + namespace + "\"");
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(header(refused, "X-Error-Message")).contains("larger quota");
        assertThat(alice().info(repo, "main").sha()).isEqualTo(head);
        assertThat(commitLine("lfsFile", lfs("copy.bin", "v".repeat(3000))).statusCode())
                .isEqualTo(200);
        assertThat(commitLine("deletedFile", "\"path\":\"copy.bin\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void uploadsThatWereLetInTogetherAreNotCommittedPastTheLimit() {
        String content = "u".repeat(5000) + namespace;
        JsonNode upload = json(batch(content)).at("/objects/0/actions/upload/href");
        limit("\"bytes\":" + (usage().path("bytes").asLong() + 100));
        assertThat(callAs("", "PUT", upload.asString().substring(url("").length()), content)
                        .statusCode())
                .isEqualTo(200);
        assertThat(commitLine("lfsFile", lfs("w.bin", content)).statusCode()).isEqualTo(413);
        limit("\"repositories\":1");
        assertThat(commitLine("lfsFile", lfs("w.bin", content)).statusCode()).isEqualTo(200);
    }

    @Test
    void aNamespaceHasAtMostItsNumberOfRepositories() {
        limit("\"repositories\":1");
        HttpResponse<String> refused = call("POST", "/api/repos/create", "{\"name\":\"" + namespace + "/second\"}");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(header(refused, "X-Error-Message")).contains("has 1 repositories and may have 1");
        assertThat(call("POST", "/api/repos/create", "{\"name\":\"" + repo + "\"}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(move(repo, namespace + "/renamed").statusCode()).isEqualTo(200);
        String other = namespace + "-other/model";
        alice().createRepo(RepoType.MODEL, other, false, false);
        assertThat(move(other, namespace + "/third").statusCode()).isEqualTo(403);
        limit("\"repositories\":2,\"bytes\":0");
        commit(other, Upload.text("w.bin", "t".repeat(2000)));
        assertThat(move(other, namespace + "/third").statusCode()).isEqualTo(413);
        limit("\"repositories\":2");
        assertThat(move(other, namespace + "/third").statusCode()).isEqualTo(200);
    }

    @Test
    void whoSetsAQuotaIsRemembered() {
        limit("\"bytes\":77");
        assertThat(usage().at("/limit/bytes").asLong()).isEqualTo(77);
        assertThat(usage().at("/limit/repositories").isNull()).isTrue();
        JsonNode told = json(callAs(ADMIN, "GET", "/api/audit?action=quota.set&limit=1", ""));
        assertThat(told.at("/0/actor").asString()).isEqualTo("root");
        assertThat(told.at("/0/details/limit/bytes").asLong()).isEqualTo(77);
        assertThat(callAs(ADMIN, "DELETE", QUOTAS + "?namespace=" + namespace, "")
                        .statusCode())
                .isEqualTo(200);
        assertThat(callAs(ADMIN, "DELETE", QUOTAS + "?namespace=" + namespace, "")
                        .statusCode())
                .isEqualTo(404);
        assertThat(callAs(ADMIN, "PUT", QUOTAS, "{\"namespace\":\"a\",\"bytes\":-1}")
                        .statusCode())
                .isEqualTo(400);
    }

    private JsonNode usage() {
        for (JsonNode entry : json(callAs(ADMIN, "GET", QUOTAS, "")).path("namespaces")) {
            if (entry.path("namespace").asString().equals(namespace.toLowerCase())) {
                return entry;
            }
        }
        throw new AssertionError(namespace + " is not listed");
    }

    private void limit(String limit) {
        assertThat(callAs(ADMIN, "PUT", QUOTAS, "{\"namespace\":\"" + namespace + "\"," + limit + "}")
                        .statusCode())
                .isEqualTo(200);
    }

    private void commit(String to, Upload... files) {
        alice().commit(to, RepoType.MODEL, "main", "Add files", List.of(files));
    }

    private HttpResponse<String> commitLine(String key, String value) {
        return call(
                "POST",
                "/api/models/" + repo + "/commit/main",
                "{\"key\":\"header\",\"value\":{\"summary\":\"one\"}}\n{\"key\":\"" + key + "\",\"value\":{" + value
                        + "}}");
    }

    private static String lfs(String path, String content) {
        return "\"path\":\"" + path + "\",\"algo\":\"sha256\",\"oid\":\"" + oid(content) + "\",\"size\":"
                + content.length();
    }

    private HttpResponse<String> batch(String content) {
        return call(
                "POST",
                "/" + repo + ".git/info/lfs/objects/batch",
                "{\"operation\":\"upload\",\"objects\":[{\"oid\":\"" + oid(content) + "\",\"size\":" + content.length()
                        + "}]}");
    }

    private HttpResponse<String> preupload(long size) {
        return call(
                "POST",
                "/api/models/" + repo + "/preupload/main",
                "{\"files\":[{\"path\":\"w.bin\",\"size\":" + size + ",\"sample\":\"AAAA\"}]}");
    }

    private HttpResponse<String> move(String from, String to) {
        return call("POST", "/api/repos/move", "{\"fromRepo\":\"" + from + "\",\"toRepo\":\"" + to + "\"}");
    }

    private static String oid(String content) {
        return Sha256.of(content.getBytes(StandardCharsets.UTF_8)).hex();
    }
}
