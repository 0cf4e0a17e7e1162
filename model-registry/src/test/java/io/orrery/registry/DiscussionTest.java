package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import tools.jackson.databind.JsonNode;

/** Discussions and proposals, with the keys that clients of the Hub read unguarded. */
class DiscussionTest extends RunningRegistry {
    private static final String BOB = Tokens.of("bob", "elsewhere", Scope.MODELS_READ, Scope.MODELS_WRITE);

    private String repo = "";
    private String discussions = "";

    @BeforeEach
    void repository(TestInfo test) {
        repo = "lab/" + test.getTestMethod().orElseThrow().getName();
        discussions = "/api/models/" + repo + "/discussions";
        alice().createRepo(RepoType.MODEL, repo, false, false);
    }

    @Test
    void aDiscussionIsOpenedCommentedRenamedAndClosed() {
        JsonNode opened = json(as(BOB, "", "{\"title\":\" Does it learn? \",\"description\":\"I wonder\"}"));
        assertThat(opened.path("num").asInt()).isEqualTo(1);
        JsonNode said = json(as(BOB, "/1/comment", "{\"comment\":\"It does\"}")).path("newMessage");
        assertThat(said.at("/data/latest/raw").asString()).isEqualTo("It does");
        assertThat(said.at("/author/name").asString()).isEqualTo("bob");
        JsonNode title = json(as(BOB, "/1/title", "{\"title\":\"It learns\"}")).path("newTitle");
        assertThat(title.at("/data/from").asString()).isEqualTo("Does it learn?");
        assertThat(title.at("/data/to").asString()).isEqualTo("It learns");
        JsonNode status = json(call("POST", discussions + "/1/status", "{\"status\":\"closed\",\"comment\":\"Good\"}"))
                .path("newStatus");
        assertThat(status.path("type").asString()).isEqualTo("status-change");
        assertThat(status.at("/data/status").asString()).isEqualTo("closed");

        JsonNode details = json(get(discussions + "/1?diff=1"));
        assertThat(details.path("title").asString()).isEqualTo("It learns");
        assertThat(details.path("status").asString()).isEqualTo("closed");
        assertThat(details.path("isPullRequest").asBoolean(true)).isFalse();
        assertThat(details.at("/repo/name").asString()).isEqualTo(repo);
        assertThat(details.at("/repo/type").asString()).isEqualTo("model");
        assertThat(details.path("createdAt").asString()).endsWith("Z");
        assertThat(details.path("events")
                        .valueStream()
                        .map(event -> event.path("type").asString()))
                .containsExactly("comment", "comment", "title-change", "status-change", "comment");
        assertThat(details.at("/events/0/data/latest/raw").asString()).isEqualTo("I wonder");
        assertThat(details.has("changes")).isFalse();
    }

    @Test
    void whatOthersSaidIsNotEdited() {
        as(BOB, "", "{\"title\":\"Words\",\"description\":\"first\"}");
        String comment = json(as(BOB, "/1/comment", "{\"comment\":\"second\"}"))
                .at("/newMessage/id")
                .asString();
        assertThat(call("POST", discussions + "/1/comment/" + comment + "/edit", "{\"content\":\"mine\"}")
                        .statusCode())
                .isEqualTo(403);
        JsonNode edited = json(as(BOB, "/1/comment/" + comment + "/edit", "{\"content\":\"better\"}"))
                .path("updatedComment");
        assertThat(edited.at("/data/edited").asBoolean()).isTrue();
        assertThat(edited.at("/data/latest/raw").asString()).isEqualTo("better");
        assertThat(call("POST", discussions + "/1/comment/" + comment + "/hide", "")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get(discussions + "/1").body()).contains("\"hidden\":true").doesNotContain("better");
        assertThat(as(BOB, "/1/comment/ffff/edit", "{\"content\":\"x\"}").statusCode())
                .isEqualTo(404);
        assertThat(as(BOB, "/1/pin", "{}").statusCode()).isEqualTo(404);
        assertThat(as(BOB, "/7/comment", "{\"comment\":\"x\"}").statusCode()).isEqualTo(404);
        assertThat(get(discussions + "/x").statusCode()).isEqualTo(404);
    }

    @Test
    void listsAreFilteredAndPaged() {
        as(BOB, "", "{\"title\":\"One\"}");
        call("POST", discussions, "{\"title\":\"Two\"}");
        as(BOB, "", "{\"title\":\"Three\",\"pullRequest\":true}");
        call("POST", discussions + "/2/status", "{\"status\":\"closed\"}");

        assertThat(titles("")).containsExactly("Three", "Two", "One");
        assertThat(titles("?p=0&type=pull_request")).containsExactly("Three");
        assertThat(titles("?type=discussion&author=bob")).containsExactly("One");
        assertThat(titles("?status=open&type=all")).containsExactly("Three", "One");
        assertThat(titles("?status=closed")).containsExactly("Two");
        assertThat(get(discussions + "?status=lost").statusCode()).isEqualTo(400);
        JsonNode second = json(get(discussions + "?p=1"));
        assertThat(second.path("discussions")).isEmpty();
        assertThat(second.path("count").asInt()).isEqualTo(3);
        assertThat(second.path("start").asInt()).isEqualTo(50);
        assertThat(json(get(discussions)).path("numClosedDiscussions").asInt()).isEqualTo(1);
    }

    @Test
    void aProposalOfABranchThatStoodStillIsMergedAsItIs() {
        as(BOB, "", "{\"title\":\"Add b\",\"description\":\"\",\"pullRequest\":true}");
        JsonNode draft = json(get(discussions + "/1"));
        assertThat(draft.path("status").asString()).isEqualTo("draft");
        assertThat(draft.at("/changes/base").asString()).isEqualTo("refs/heads/main");
        assertThat(draft.path("filesWithConflicts").isArray()).isTrue();

        String head = commit(BOB, "refs%2Fpr%2F1", "b.txt", "b");
        as(BOB, "/1/status", "{\"status\":\"open\"}");
        assertThat(as(BOB, "/1/merge", "{}").statusCode()).isEqualTo(403);
        assertThat(call("POST", discussions + "/1/merge", "").statusCode()).isEqualTo(200);
        assertThat(alice().info(repo, "main").sha()).isEqualTo(head);
        JsonNode merged = json(get(discussions + "/1"));
        assertThat(merged.path("status").asString()).isEqualTo("merged");
        assertThat(merged.at("/changes/mergeCommitId").asString()).isEqualTo(head);
        assertThat(merged.path("events")
                        .valueStream()
                        .map(event -> event.path("type").asString()))
                .containsExactly("comment", "commit", "status-change", "status-change");
        assertThat(merged.at("/events/1/data/oid").asString()).isEqualTo(head);
        assertThat(merged.at("/events/1/data/subject").asString()).isEqualTo("Set b.txt");
        assertThat(call("POST", discussions + "/1/merge", "").statusCode()).isEqualTo(400);
        assertThat(callAs(BOB, "POST", "/api/models/" + repo + "/commit/refs%2Fpr%2F1", lines("c.txt", "c"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatTheBranchGotMeanwhileStays() {
        commit("", "main", "a.txt", "old");
        commit("", "main", "d/e.txt", "old");
        String pr = proposed("a.txt", "new");
        commit("", "main", "x.txt", "x");
        assertThat(callAs(BOB, "POST", "/api/models/" + repo + "/commit/" + pr, """
            {"key":"header","value":{"summary":"A file for a folder"}}
            {"key":"deletedFolder","value":{"path":"d"}}
            {"key":"file","value":{"path":"d","content":"a file"}}\
            """)
                        .statusCode())
                .isEqualTo(200);
        assertThat(call("POST", discussions + "/1/merge", "{\"comment\":\"thanks\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(file("a.txt")).isEqualTo("new");
        assertThat(file("x.txt")).isEqualTo("x");
        assertThat(file("d")).isEqualTo("a file");
        JsonNode head = json(get("/api/models/" + repo + "/commits/main")).path(0);
        assertThat(head.path("title").asString()).isEqualTo("Set a.txt (#1)");
        assertThat(head.path("message").asString()).isEqualTo("Proposed by bob");
    }

    @Test
    void whatBothChangedIsNamedAndNothingIsMerged() {
        commit("", "main", "a.txt", "old");
        commit("", "main", "same.txt", "old");
        commit("", "main", "gone.txt", "old");
        String pr = proposed("a.txt", "theirs");
        commit(BOB, pr, "same.txt", "both");
        commit(BOB, pr, "gone.txt", "kept");
        commit(BOB, pr, "f", "a file");
        commit("", "main", "a.txt", "ours");
        commit("", "main", "same.txt", "both");
        commit("", "main", "f/in", "in a folder");
        call("POST", "/api/models/" + repo + "/commit/main", """
            {"key":"header","value":{"summary":"s"}}
            {"key":"deletedFile","value":{"path":"gone.txt"}}\
            """);
        String head = alice().info(repo, "main").sha();

        assertThat(json(get(discussions + "/1"))
                        .path("filesWithConflicts")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactly("a.txt", "f", "gone.txt");
        HttpResponse<String> merge = call("POST", discussions + "/1/merge", "{}");
        assertThat(merge.statusCode()).isEqualTo(409);
        assertThat(merge.body()).contains("refs/pr/1 conflicts with refs/heads/main in a.txt, f, gone.txt");
        assertThat(alice().info(repo, "main").sha()).isEqualTo(head);
        assertThat(json(get(discussions + "/1")).path("status").asString()).isEqualTo("open");
    }

    @Test
    void aProposalMayBeginAtAnOlderCommit() {
        String old = commit("", "main", "a.txt", "old");
        commit("", "main", "b.txt", "b");
        String body = lines("c.txt", "c").replace("\"summary\"", "\"parentCommit\":\"" + old + "\",\"summary\"");
        HttpResponse<String> answer = callAs(BOB, "POST", "/api/models/" + repo + "/commit/main?create_pr=1", body);
        assertThat(json(answer).path("pullRequestUrl").asString()).isEqualTo(url("/" + repo + "/discussions/1"));
        assertThat(get("/" + repo + "/resolve/refs%2Fpr%2F1/b.txt").statusCode())
                .isEqualTo(404);
        assertThat(get("/api/models/" + repo + "/tree/refs/pr/1").body()).contains("c.txt");
        assertThat(json(get("/api/models/" + repo + "/refs?include_prs=1")).path("pullRequests"))
                .hasSize(1)
                .first()
                .satisfies(ref -> assertThat(ref.path("name").asString()).isEqualTo("1"));
        assertThat(json(get("/api/models/" + repo + "/refs")).has("pullRequests"))
                .isFalse();
    }

    @Test
    void aProposalThatCannotBeReadLeavesNothing() {
        String broken = lines("../c", "c");
        assertThat(callAs(BOB, "POST", "/api/models/" + repo + "/commit/main?create_pr=1", broken)
                        .statusCode())
                .isEqualTo(400);
        assertThat(callAs(BOB, "POST", "/api/models/" + repo + "/commit/none?create_pr=1", lines("c", "c"))
                        .statusCode())
                .isEqualTo(404);
        assertThat(json(get(discussions)).path("count").asInt(-1)).isZero();
        assertThat(json(get("/api/models/" + repo + "/refs?include_prs=1")).path("pullRequests"))
                .isEmpty();
    }

    @Test
    void whoMayNotWriteProposesLargeFilesToo() {
        String preupload = "{\"files\":[{\"path\":\"w.bin\",\"size\":3,\"sample\":\"\"}]}";
        assertThat(callAs(BOB, "POST", "/api/models/" + repo + "/preupload/main", preupload)
                        .statusCode())
                .isEqualTo(403);
        assertThat(callAs(BOB, "POST", "/api/models/" + repo + "/preupload/main?create_pr=1", preupload)
                        .body())
                .contains("\"uploadMode\":\"lfs\"");
        String upload = "{\"operation\":\"upload\",\"objects\":[{\"oid\":\"" + "a".repeat(64) + "\",\"size\":3}]}";
        String batch = "/" + repo + ".git/info/lfs/objects/batch";
        assertThat(callAs(BOB, "POST", batch, upload).body()).contains("\"upload\":{\"href\"");
        String toMain = upload.replace("{\"operation\"", "{\"ref\":{\"name\":\"main\"},\"operation\"");
        assertThat(callAs(BOB, "POST", batch, toMain).statusCode()).isEqualTo(403);
        assertThat(call("POST", batch, toMain).statusCode()).isEqualTo(200);
        String token = "/api/models/" + repo + "/xet-write-token/";
        assertThat(callAs(BOB, "GET", token + "main", "").statusCode()).isEqualTo(403);
        assertThat(callAs(BOB, "GET", token + "None?create_pr=1", "").statusCode())
                .isEqualTo(200);
        String pr = proposed("a.txt", "a");
        assertThat(callAs(BOB, "GET", token + pr, "").statusCode()).isEqualTo(200);
        assertThat(callAs(BOB, "POST", batch, toMain.replace("main", "refs/pr/1"))
                        .statusCode())
                .isEqualTo(200);
        call("POST", discussions + "/1/status", "{\"status\":\"closed\"}");
        assertThat(callAs(BOB, "GET", token + pr, "").statusCode()).isEqualTo(400);

        call("PUT", "/api/models/" + repo + "/settings", "{\"discussionsDisabled\":true}");
        assertThat(callAs(BOB, "POST", batch, upload).statusCode()).isEqualTo(403);
        assertThat(as(BOB, "", "{\"title\":\"One\"}").statusCode()).isEqualTo(403);
        assertThat(callAs(BOB, "POST", "/api/models/" + repo + "/commit/main?create_pr=1", lines("c", "c"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(call("POST", batch, upload).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> as(String token, String path, String body) {
        return callAs(token, "POST", discussions + path, body);
    }

    private Iterable<String> titles(String query) {
        return json(get(discussions + query))
                .path("discussions")
                .valueStream()
                .map(one -> one.path("title").asString())
                .toList();
    }

    private String file(String path) {
        return get("/" + repo + "/resolve/main/" + path).body();
    }

    /** The revision of a proposal that bob makes. */
    private String proposed(String path, String text) {
        assertThat(callAs(BOB, "POST", "/api/models/" + repo + "/commit/main?create_pr=1", lines(path, text))
                        .statusCode())
                .isEqualTo(200);
        return "refs%2Fpr%2F1";
    }

    /** The commit that is made, by alice where no token is given. */
    private String commit(String token, String branch, String path, String text) {
        String address = "/api/models/" + repo + "/commit/" + branch;
        HttpResponse<String> answer = token.isEmpty()
                ? call("POST", address, lines(path, text))
                : callAs(token, "POST", address, lines(path, text));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).path("commitOid").asString();
    }

    private static String lines(String path, String text) {
        return "{\"key\":\"header\",\"value\":{\"summary\":\"Set " + path + "\"}}\n"
                + "{\"key\":\"file\",\"value\":{\"path\":\"" + path + "\",\"content\":\"" + text + "\"}}";
    }
}
