package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class PolicyWireTest extends RunningRegistry {
    /** pickle.dumps of an object whose __reduce__ answers (os.system, ("id",)), in protocol 4. */
    private static final byte[] SHELL =
            Base64.getDecoder().decode("gASVHQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg==");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.forbidden-in-tests|said nowhere else|a.forbidden-in-tests is refused by the rule forbidden",
                "a.small-in-tests|more than ten bytes|a.small-in-tests has 19 bytes, and the rule sizes takes at most"
                        + " 10",
                "README.md|---\\nlicense: denied-in-tests\\n---\\n|README.md names the licence 'denied-in-tests'",
            })
    void aBlockedCommitStoresNothingAndSaysWhichFileAndRule(String path, String content, String sentence) {
        String repo = "policy/blocked-" + path.toLowerCase().replaceAll("\\W", "");
        alice().createRepo(RepoType.MODEL, repo, false, false);
        String head = alice().info(repo, "main").sha();
        String text = content.replace("\\n", "\n");
        HttpResponse<String> refused = commit(repo, path, text);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(json(refused).path("error").asString()).contains(sentence);
        assertThat(header(refused, "X-Error-Message")).contains(sentence);
        assertThat(alice().info(repo, "main").sha()).isEqualTo(head);
        String sha256 = Sha256.of(text.getBytes(StandardCharsets.UTF_8)).hex();
        assertThat(jdbc.sql("select count(*) from content where sha256 = :hash")
                        .param("hash", sha256)
                        .query(Long.class)
                        .single())
                .isZero();
        JsonNode tried = json(callAs(
                Tokens.of("root", "lab", Scope.ADMIN), "GET", "/api/audit?action=policy.blocked&repo=" + repo, ""));
        assertThat(tried.path(0).path("actor").asString()).isEqualTo("alice");
        assertThat(tried.path(0)
                        .path("details")
                        .path("files")
                        .path(0)
                        .path("path")
                        .asString())
                .isEqualTo(path);
    }

    @Test
    void whatWillBeBlockedIsRefusedBeforeItsBytesAreSent() {
        alice().createRepo(RepoType.MODEL, "policy/early", false, false);
        HttpResponse<String> refused = call(
                "POST",
                "/api/models/policy/early/preupload/main",
                "{\"files\":[{\"path\":\"big.small-in-tests\",\"size\":99,\"sample\":\"\"}]}");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(json(refused).path("error").asString()).contains("big.small-in-tests");
        assertThat(call(
                                "POST",
                                "/api/models/policy/early/preupload/main",
                                "{\"files\":[{\"path\":\"big.small-in-tests\",\"size\":99,\"sample\":\"\"}],"
                                        + "\"gitIgnore\":\"*.small-in-tests\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aRepositoryCannotBeMadeWithWhatIsBlocked() {
        HttpResponse<String> refused = call(
                "POST",
                "/api/repos/create",
                "{\"name\":\"made\",\"organization\":\"policy\",\"files\":[{\"path\":\"a.forbidden-in-tests\","
                        + "\"content\":\"x\",\"encoding\":\"utf-8\"}]}");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(get("/api/models/policy/made").statusCode()).isEqualTo(404);
    }

    @Test
    void aPickleThatCallsTheShellIsFoundAndToldToWhoDownloadsIt() {
        add("policy/shell", Upload.bytes("weights/model.pkl", SHELL), Upload.text("notes.txt", "x"));
        eventually(() -> status("policy/shell", "weights/model.pkl")
                .path("status")
                .asString()
                .equals("unsafe"));
        JsonNode scan = status("policy/shell", "weights/model.pkl").path("pickleImportScan");
        assertThat(scan.path("pickleImports").path(0).path("module").asString()).isEqualTo("posix");
        assertThat(scan.path("pickleImports").path(0).path("safety").asString()).isEqualTo("dangerous");
        JsonNode plain = status("policy/shell", "notes.txt");
        assertThat(plain.path("status").asString()).isEqualTo("safe");
        assertThat(plain.has("avScan") && plain.has("pickleImportScan")).isTrue();
        JsonNode info = json(get("/api/models/policy/shell?securityStatus=true"));
        assertThat(info.path("securityRepoStatus").path("scansDone").asBoolean())
                .isTrue();
        assertThat(info.path("securityRepoStatus").path("filesWithIssues").toString())
                .isEqualTo("[{\"path\":\"weights/model.pkl\",\"level\":\"unsafe\"}]");
        assertThat(info.has("siblings")).isTrue();
        assertThat(json(get("/api/models/policy/shell")).has("securityRepoStatus"))
                .isFalse();
        HttpResponse<String> download = get("/policy/shell/resolve/main/weights/model.pkl");
        assertThat(header(download, "X-HF-Warning"))
                .startsWith("policy; ")
                .contains("weights/model.pkl")
                .contains("posix.system");
        assertThat(header(get("/policy/shell/resolve/main/notes.txt"), "X-HF-Warning"))
                .isEmpty();
    }

    @Test
    void whoCommitsAPickleIsWarned() {
        alice().createRepo(RepoType.MODEL, "policy/warned", false, false);
        HttpResponse<String> made = commit("policy/warned", "state.pt", "anything");
        assertThat(made.statusCode()).isEqualTo(200);
        assertThat(header(made, "X-HF-Warning")).startsWith("policy; state.pt is a pickle");
        assertThat(header(commit("policy/warned", "a.txt", "anything"), "X-HF-Warning"))
                .isEmpty();
    }

    @Test
    void aFileThatIsOnlyNamedAsAPickleIsSafe() {
        add("policy/named", Upload.text("openvino_model.bin", "<not a pickle at all>"));
        eventually(() -> status("policy/named", "openvino_model.bin")
                .path("status")
                .asString()
                .equals("safe"));
        assertThat(header(get("/policy/named/resolve/main/openvino_model.bin"), "X-HF-Warning"))
                .isEmpty();
    }

    private JsonNode status(String repo, String path) {
        HttpResponse<String> answer = call(
                "POST",
                "/api/models/" + repo + "/paths-info/main",
                "{\"paths\":[\"" + path + "\"],\"expand\":true}",
                "Content-Type",
                "application/json");
        return json(answer).path(0).path("securityFileStatus");
    }

    private HttpResponse<String> commit(String repo, String path, String content) {
        String base64 = Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
        return call(
                "POST",
                "/api/models/" + repo + "/commit/main",
                "{\"key\":\"header\",\"value\":{\"summary\":\"Add\"}}\n{\"key\":\"file\",\"value\":{\"path\":\"" + path
                        + "\",\"content\":\"" + base64 + "\",\"encoding\":\"base64\"}}\n");
    }

    private void add(String repo, Upload... files) {
        alice().commit(new CommitRequest(RepoType.MODEL, repo, "main", "Add", List.of(files)).creatingRepository());
    }
}
