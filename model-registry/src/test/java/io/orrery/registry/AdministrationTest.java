package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Names, settings, access and proposals. */
class AdministrationTest extends RunningRegistry {
    private static final String BOB = Tokens.of("bob", "elsewhere", Scope.MODELS_READ, Scope.MODELS_WRITE);

    @Test
    void aSpaceIsARepositoryUnderItsOwnPrefix() {
        assertThat(call("POST", "/api/repos/create", "{\"name\":\"lab/page\",\"type\":\"space\",\"sdk\":\"gradio\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/api/spaces/lab/page").body()).contains("\"sdk\":\"gradio\"");
        assertThat(get("/spaces/lab/page/resolve/main/README.md").body()).isEqualTo("---\nsdk: gradio\n---\n");
        assertThat(get("/api/models/lab/page").statusCode()).isEqualTo(404);
        assertThat(get("/api/spaces").body()).contains("lab/page");
    }

    @Test
    void anOldNameLeadsToTheNewOneUntilItIsTaken() {
        alice().createRepo(RepoType.MODEL, "lab/before", false, true);
        String move = "{\"fromRepo\":\"lab/before\",\"toRepo\":\"lab/after\",\"type\":\"model\"}";
        assertThat(call("POST", "/api/repos/move", move).statusCode()).isEqualTo(200);

        for (String path : new String[] {
            "/api/models/lab/before", "/api/models/lab/before/tree/main?recursive=true",
            "/lab/before/resolve/main/.gitattributes", "/api/models/Lab/Before/refs"
        }) {
            HttpResponse<String> moved = get(path);
            assertThat(moved.statusCode()).as(path).isEqualTo(307);
            assertThat(header(moved, "Location")).isEqualTo(path.replaceAll("(?i)lab/before", "lab/after"));
            assertThat(get(header(moved, "Location")).statusCode()).isEqualTo(200);
        }
        assertThat(call("POST", "/api/repos/move", move.replace("before", "after"))
                        .statusCode())
                .isEqualTo(200);

        alice().createRepo(RepoType.MODEL, "lab/before", false, true);
        assertThat(get("/api/models/lab/before").statusCode()).isEqualTo(200);
        HttpResponse<String> taken = call("POST", "/api/repos/move", move);
        assertThat(taken.statusCode()).isEqualTo(409);
        assertThat(taken.body()).contains("lab/after exists already");
    }

    @Test
    void aRepositoryIsMovedByANameThatItHadBefore() {
        alice().createRepo(RepoType.MODEL, "lab/first-name", false, true);
        for (String to : new String[] {"lab/second-name", "lab/third-name"}) {
            String move = "{\"fromRepo\":\"lab/first-name\",\"toRepo\":\"" + to + "\"}";
            assertThat(call("POST", "/api/repos/move", move).statusCode()).isEqualTo(200);
        }
        for (String old : new String[] {"first", "second"}) {
            assertThat(header(get("/api/models/lab/" + old + "-name"), "Location"))
                    .isEqualTo("/api/models/lab/third-name");
        }
    }

    @Test
    void settingsSayWhoSeesARepository() {
        alice().createRepo(RepoType.MODEL, "lab/set", false, true);
        assertThat(callAs(BOB, "GET", "/api/models/lab/set", "").statusCode()).isEqualTo(200);
        String settings = "/api/models/lab/set/settings";
        assertThat(callAs(BOB, "PUT", settings, "{\"private\":true}").statusCode())
                .isEqualTo(403);
        assertThat(call("PUT", settings, "{\"visibility\":\"private\"}").statusCode())
                .isEqualTo(200);
        assertThat(callAs(BOB, "GET", "/api/models/lab/set", "").statusCode()).isEqualTo(404);
        assertThat(json(get("/api/models/lab/set")).path("private").asBoolean()).isTrue();
        assertThat(call("PUT", settings, "{\"private\":false,\"unknown\":1}").statusCode())
                .isEqualTo(200);
        assertThat(callAs(BOB, "GET", "/api/models/lab/set", "").statusCode()).isEqualTo(200);
        assertThat(call("PUT", settings, "{\"gated\":\"sometimes\"}").body()).contains("gated must be false");
    }

    @Test
    void contentsOfAGatedRepositoryAreForThoseWhoWereLetIn() {
        alice().createRepo(RepoType.MODEL, "lab/gated", false, true);
        call("PUT", "/api/models/lab/gated/settings", "{\"gated\":\"manual\"}");
        String file = "/lab/gated/resolve/main/.gitattributes";

        assertThat(json(callAs(BOB, "GET", "/api/models/lab/gated", ""))
                        .path("gated")
                        .asString())
                .isEqualTo("manual");
        assertThat(callAs(BOB, "GET", "/api/models/lab/gated/tree/main", "").statusCode())
                .isEqualTo(200);
        for (String closed :
                new String[] {file, "/lab/gated/raw/main/.gitattributes", "/api/models/lab/gated/auth-check"}) {
            HttpResponse<String> answer = callAs(BOB, "GET", closed, "");
            assertThat(answer.statusCode()).as(closed).isEqualTo(403);
            assertThat(header(answer, "X-Error-Code")).isEqualTo("GatedRepo");
            assertThat(header(answer, "X-Error-Message")).contains("is restricted");
        }
        assertThat(get(file).statusCode()).isEqualTo(200);

        assertThat(callAs(BOB, "POST", "/lab/gated/ask-access", "").body()).isEqualTo("{\"status\":\"pending\"}");
        assertThat(callAs(BOB, "GET", file, "").statusCode()).isEqualTo(403);
        String requests = "/api/models/lab/gated/user-access-request/";
        assertThat(get(requests + "pending").body()).contains("\"user\":\"bob\"");
        assertThat(callAs(BOB, "POST", requests + "handle", "{\"user\":\"bob\",\"status\":\"accepted\"}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(call("POST", requests + "handle", "{\"user\":\"bob\",\"status\":\"accepted\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(callAs(BOB, "GET", file, "").statusCode()).isEqualTo(200);
        call("POST", requests + "handle", "{\"user\":\"bob\",\"status\":\"rejected\",\"rejectionReason\":\"no\"}");
        assertThat(callAs(BOB, "GET", file, "").statusCode()).isEqualTo(403);
        call("POST", requests + "grant", "{\"user\":\"bob\"}");
        assertThat(callAs(BOB, "GET", file, "").statusCode()).isEqualTo(200);

        call("PUT", "/api/models/lab/gated/settings", "{\"gated\":\"auto\"}");
        String carol = Tokens.of("carol", "third", Scope.MODELS_READ);
        assertThat(callAs(carol, "POST", "/lab/gated/ask-access", "").body()).isEqualTo("{\"status\":\"accepted\"}");
        assertThat(callAs(carol, "GET", file, "").statusCode()).isEqualTo(200);
    }

    @Test
    void onlyThoseWhoseItIsWriteToARepository() {
        alice().createRepo(RepoType.MODEL, "lab/mine", false, true);
        String commit = "{\"key\":\"header\",\"value\":{\"summary\":\"s\"}}\n"
                + "{\"key\":\"file\",\"value\":{\"path\":\"a.txt\",\"content\":\"a\"}}";
        assertForbidden(callAs(BOB, "POST", "/api/models/lab/mine/commit/main", commit));
        assertForbidden(callAs(BOB, "POST", "/api/models/lab/mine/preupload/main", "{\"files\":[]}"));
        assertForbidden(callAs(BOB, "POST", "/api/models/lab/mine/branch/b", "{}"));
        assertForbidden(callAs(BOB, "DELETE", "/api/repos/delete", "{\"name\":\"lab/mine\"}"));
        assertForbidden(callAs(BOB, "POST", "/api/repos/create", "{\"name\":\"lab/other\"}"));
        assertForbidden(callAs(BOB, "GET", "/api/models/lab/mine/auth-check/write", ""));
        assertThat(get("/api/models/lab/mine/auth-check/write").statusCode()).isEqualTo(200);
        String colleague = Tokens.of("dave", "lab", Scope.MODELS_READ, Scope.MODELS_WRITE);
        assertThat(callAs(colleague, "POST", "/api/models/lab/mine/commit/main", commit)
                        .statusCode())
                .isEqualTo(200);
    }

    private static void assertForbidden(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
        assertThat(header(answer, "X-Error-Message")).startsWith("Forbidden: ");
        assertThat(header(answer, "X-Error-Code")).isEmpty();
    }

    @Test
    void aSquashedBranchHasTheSameFilesAndOneCommit() {
        alice().createRepo(RepoType.MODEL, "lab/squash", false, true);
        for (String text : new String[] {"one", "two"}) {
            commit("lab/squash", "main", "a.txt", text);
        }
        String tree = get("/api/models/lab/squash/tree/main").body();
        assertThat(call("POST", "/api/models/lab/squash/super-squash/main", "{\"message\":\"all\"}")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> commits = get("/api/models/lab/squash/commits/main");
        assertThat(header(commits, "X-Total-Count")).isEqualTo("1");
        assertThat(json(commits).at("/0/title").asString()).isEqualTo("all");
        assertThat(get("/api/models/lab/squash/tree/main").body()).isEqualTo(tree);
        assertThat(call("POST", "/api/models/lab/squash/branch/bare", "{\"emptyBranch\":true}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/api/models/lab/squash/tree/bare").body()).isEqualTo("[]");
    }

    @Test
    void whoeverSeesARepositoryProposesAndItsOwnersMerge() {
        alice().createRepo(RepoType.MODEL, "lab/proposals", false, true);
        commit("lab/proposals", "main", "a.txt", "ours");
        HttpResponse<String> proposed =
                callAs(BOB, "POST", "/api/models/lab/proposals/commit/main?create_pr=1", commitOf("b.txt", "theirs"));
        assertThat(json(proposed).path("pullRequestUrl").asString()).isEqualTo(url("/lab/proposals/discussions/1"));
        assertThat(get("/lab/proposals/resolve/main/b.txt").statusCode()).isEqualTo(404);
        assertThat(get("/lab/proposals/resolve/refs%2Fpr%2F1/b.txt").body()).isEqualTo("theirs");
        assertThat(get("/api/models/lab/proposals/refs?include_prs=1").body())
                .contains("\"pullRequests\":[{\"name\":\"1\"");
        assertThat(callAs(BOB, "POST", "/api/models/lab/proposals/commit/refs%2Fpr%2F1", commitOf("c.txt", "more"))
                        .statusCode())
                .isEqualTo(200);

        assertThat(callAs(BOB, "POST", "/api/models/lab/proposals/commit/main?create_pr=1", "nonsense")
                        .statusCode())
                .isEqualTo(400);
        assertThat(get("/api/models/lab/proposals/discussions/2").statusCode()).isEqualTo(404);
        String discussion = "/api/models/lab/proposals/discussions/1";
        assertThat(json(get(discussion)).path("isPullRequest").asBoolean()).isTrue();
        assertForbidden(callAs(BOB, "POST", discussion + "/merge", "{}"));
        assertThat(callAs(BOB, "POST", discussion + "/comment", "{\"comment\":\"please\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(call("POST", discussion + "/merge", "{}").statusCode()).isEqualTo(200);
        assertThat(get("/lab/proposals/resolve/main/b.txt").body()).isEqualTo("theirs");
        assertThat(get("/lab/proposals/resolve/main/c.txt").body()).isEqualTo("more");
        assertThat(json(get(discussion)).path("status").asString()).isEqualTo("merged");
        assertThat(call("POST", discussion + "/merge", "{}").statusCode()).isEqualTo(400);
    }

    @Test
    void aProposalThatConflictsIsNotMerged() {
        alice().createRepo(RepoType.MODEL, "lab/clash", false, true);
        commit("lab/clash", "main", "a.txt", "base");
        String opened = call(
                        "POST",
                        "/api/models/lab/clash/discussions",
                        "{\"title\":\"mine\",\"description\":\"\",\"pullRequest\":true}")
                .body();
        assertThat(opened).contains("\"num\":1");
        commit("lab/clash", "refs%2Fpr%2F1", "a.txt", "proposed");
        commit("lab/clash", "main", "a.txt", "meanwhile");
        HttpResponse<String> merge = call("POST", "/api/models/lab/clash/discussions/1/merge", "{}");
        assertThat(merge.statusCode()).isEqualTo(409);
        assertThat(merge.body()).contains("conflicts with refs/heads/main in a.txt");
        assertThat(get("/lab/clash/resolve/main/a.txt").body()).isEqualTo("meanwhile");
    }

    private void commit(String repo, String branch, String path, String text) {
        assertThat(call("POST", "/api/models/" + repo + "/commit/" + branch, commitOf(path, text))
                        .statusCode())
                .isEqualTo(200);
    }

    private static String commitOf(String path, String text) {
        return "{\"key\":\"header\",\"value\":{\"summary\":\"" + text + "\"}}\n{\"key\":\"file\",\"value\":{\"path\":\""
                + path + "\",\"content\":\"" + text + "\"}}";
    }
}
