package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The errors that clients decide by, each with its status, code, sentence and headers. */
class HubWireTest extends RunningRegistry {
    @BeforeEach
    void repository() {
        alice().createRepo(RepoType.MODEL, "lab/wire", false, true);
    }

    @Test
    void aMissingRepository() {
        assertError(get("/api/models/lab/none"), 404, "RepoNotFound", "Repository not found");
        assertError(get("/lab/none/resolve/none/none"), 404, "RepoNotFound", "Repository not found");
        assertError(get("/api/datasets/lab/wire"), 404, "RepoNotFound", "Repository not found");
    }

    @Test
    void aMissingRevision() {
        assertError(get("/api/models/lab/wire/revision/none"), 404, "RevisionNotFound", "Invalid rev id: none");
        assertError(get("/lab/wire/resolve/none/none"), 404, "RevisionNotFound", "Invalid rev id: none");
        assertError(
                call("POST", "/api/models/lab/wire/commit/none", "{\"key\":\"header\",\"value\":{}}"),
                404,
                "RevisionNotFound",
                "Invalid rev id: none");
    }

    @Test
    void aMissingEntryComesWithTheCommitThatLacksIt() {
        for (String path : new String[] {
            "/lab/wire/resolve/main/none",
            "/lab/wire/raw/main/none",
            "/api/models/lab/wire/tree/main/none",
            "/api/models/lab/wire/tree/main/.gitattributes"
        }) {
            HttpResponse<String> answer = get(path);
            assertError(answer, 404, "EntryNotFound", "Entry not found");
            assertThat(header(answer, "X-Repo-Commit")).as(path).matches("[0-9a-f]{40}");
        }
    }

    @Test
    void nobodyIsToldThatARepositoryMayNotExist() {
        assertError(
                callAs("", "GET", "/api/models/lab/wire", ""), 401, "RepoNotFound", "Invalid username or password.");
        assertError(callAs("", "GET", "/api/models", ""), 401, "", "Invalid username or password.");
    }

    @Test
    void aBadTokenIsBadEverywhere() {
        for (String token : new String[] {"hf_nonsense", Tokens.expired("alice"), Tokens.forAnotherAudience("alice")}) {
            assertError(
                    callAs(token, "GET", "/api/models/lab/wire", ""),
                    401,
                    "",
                    "Invalid credentials in Authorization header");
        }
    }

    @Test
    void aTokenThatMayOnlyReadDoesNotWrite() {
        String reader = Tokens.of("bob", "lab", Scope.MODELS_READ);
        HttpResponse<String> answer = callAs(reader, "POST", "/api/repos/create", "{\"name\":\"lab/other\"}");
        assertError(answer, 403, "", "Forbidden: this needs the scope models:write");
    }

    @Test
    void aRouteThatIsNotThereIsJsonToo() {
        assertError(get("/api/agent-harnesses"), 404, "", "No such route: GET /api/agent-harnesses");
        assertError(get("/"), 404, "", "No such route: GET /");
        assertError(call("PUT", "/api/models/lab/wire/resource-group", "{}"), 404, "", "No such route: PUT");
    }

    @Test
    void anAddressThatIsNotUtf8IsRefusedAsTheHubRefuses() {
        for (String path : new String[] {
            "/lab/wire/resolve/main/%FF.bin", "/api/models/lab/wire/tree/main/%FF.bin", "/api/datasets/%FF.bin"
        }) {
            HttpResponse<String> answer = get(path, "X-Request-Id", "abc-2");
            assertError(answer, 400, "", "The address is not UTF-8 in '%FF.bin'");
            assertThat(header(answer, "X-Request-Id")).as(path).isEqualTo("abc-2");
            assertThat(header(answer, "Access-Control-Expose-Headers")).as(path).contains("X-Error-Message");
        }
        HttpResponse<String> head = call("HEAD", "/lab/wire/resolve/main/%FF.bin", "");
        assertThat(head.statusCode()).isEqualTo(400);
        assertThat(header(head, "X-Error-Message")).contains("not UTF-8");
        assertThat(json(get("/v2/lab/wire/manifests/%FF"))
                        .at("/errors/0/message")
                        .asString())
                .contains("not UTF-8");
        assertError(get("/lab/wire/resolve/main/a%00b"), 400, "", "The server refused this request before it was read");
    }

    @Test
    void aBodyThatIsNoJsonIsNamedByItsLine() {
        assertError(
                call("POST", "/api/repos/create", "{\"name\":\n\"x\n"),
                400,
                "",
                "The body is not the JSON that this route");
        assertError(call("POST", "/api/repos/create", "{}"), 400, "", "The body lacks name");
        assertError(
                call("POST", "/api/repos/create", "{\"name\":\"a--b\"}"), 400, "", "Invalid repository name 'a--b'");
        assertError(
                call("POST", "/api/repos/create", "{\"name\":\"lab/s\",\"type\":\"kernel\"}"),
                400,
                "",
                "This registry keeps");
    }

    @Test
    void aRepositoryThatExistsIsToldWithItsAddress() {
        HttpResponse<String> answer = call("POST", "/api/repos/create", "{\"name\":\"WIRE\",\"organization\":\"LAB\"}");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(json(answer).path("url").asString()).isEqualTo(url("/lab/wire"));
    }

    @Test
    void aNameWithoutANamespaceIsTheProjects() {
        String key = Tokens.of("key_1", "physics", Scope.MODELS_READ, Scope.MODELS_WRITE);
        HttpResponse<String> answer = callAs(key, "POST", "/api/repos/create", "{\"name\":\"own\"}");
        assertThat(json(answer).path("name").asString()).isEqualTo("physics/own");
    }

    @Test
    void refsThatAreThereOrMalformedAreRefused() {
        String branch = "/api/models/lab/wire/branch/";
        assertThat(call("POST", branch + "dev%2Fa", "{}").statusCode()).isEqualTo(200);
        assertError(call("POST", branch + "dev%2Fa", ""), 409, "", "The reference dev/a exists already");
        assertError(call("POST", branch + "a..b", "{}"), 400, "", "Invalid reference name: 'a..b'");
        assertError(call("POST", branch + "refs%2Fheads%2Fx", "{}"), 400, "", "Invalid reference name");
        assertError(
                call("POST", branch + "new", "{\"startingPoint\":\"none\"}"), 404, "RevisionNotFound", "Invalid rev");
        assertError(call("DELETE", branch + "main", ""), 403, "", "Forbidden: the branch main cannot be deleted");
        assertThat(call("DELETE", branch + "dev%2Fa", "").statusCode()).isEqualTo(200);
        assertError(call("DELETE", branch + "dev%2Fa", ""), 404, "RevisionNotFound", "Invalid rev id: dev/a");
    }

    @Test
    void everyAnswerHasANameThatTheClientMayChoose() {
        assertThat(header(get("/api/models"), "X-Request-Id")).isNotEmpty();
        assertThat(header(get("/api/models", "X-Amzn-Trace-Id", "abc-1"), "X-Request-Id"))
                .isEqualTo("abc-1");
        assertThat(header(get("/api/models"), "Access-Control-Expose-Headers")).contains("X-Repo-Commit");
    }

    @Test
    void addressesAreThoseThatTheCallerUsed() {
        HttpResponse<String> answer = call(
                "POST",
                "/lab/wire.git/info/lfs/objects/batch",
                "{\"operation\":\"upload\",\"hash_algo\":\"sha_256\",\"objects\":[{\"oid\":\"" + "a".repeat(64)
                        + "\",\"size\":5},{\"oid\":\"short\",\"size\":5}]}",
                "Content-Type",
                "application/vnd.git-lfs+json",
                "X-Forwarded-Host",
                "hub.example",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Port",
                "443");
        assertThat(header(answer, "Content-Type")).startsWith("application/vnd.git-lfs+json");
        assertThat(json(answer).at("/objects/0/actions/upload/href").asString())
                .startsWith("https://hub.example/lfs/objects/" + "a".repeat(64) + "?token=");
        assertThat(json(answer).at("/objects/0/actions/verify/href").asString())
                .isEqualTo("https://hub.example/lab/wire.git/info/lfs/objects/verify");
        assertThat(json(answer).at("/objects/1/error/code").asInt()).isEqualTo(422);
        assertThat(answer.body()).doesNotContain("null");
    }

    private static void assertError(HttpResponse<String> answer, int status, String code, String message) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "X-Error-Code")).isEqualTo(code);
        assertThat(header(answer, "X-Error-Message")).startsWith(message);
        assertThat(header(answer, "Content-Type")).startsWith("application/json");
        assertThat(answer.body()).startsWith("{\"error\":\"").contains(message.replace("\"", "\\\""));
        assertThat(header(answer, "WWW-Authenticate")).isEmpty();
    }
}
