package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Copies of repositories, their large contents, their sizes, and who asks to be let in. */
class RepositoryRoutesTest extends RunningRegistry {
    private static final String BOB = Tokens.of("bob", "elsewhere", Scope.MODELS_READ, Scope.MODELS_WRITE);

    @Test
    void aCopyHasTheFilesAndItsOwnHistory() {
        commit("copies/from", Upload.text("a.txt", "a"), Upload.text("w.bin", "copied weights"));
        HttpResponse<String> made = callAs(
                BOB, "POST", "/api/models/copies/from/duplicate", "{\"repository\":\"bob/to\",\"private\":true}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        assertThat(json(made).path("url").asString()).isEqualTo(url("/bob/to"));
        assertThat(callAs(BOB, "GET", "/bob/to/resolve/main/w.bin", "").body()).isEqualTo("copied weights");
        assertThat(json(callAs(BOB, "GET", "/api/models/bob/to/commits/main", ""))
                        .at("/0/title")
                        .asString())
                .isEqualTo("Duplicate from copies/from");
        assertThat(get("/api/models/bob/to").statusCode()).isEqualTo(404);
        assertThat(callAs(BOB, "GET", "/api/models/bob/to/lfs-files", "").body())
                .contains("\"filename\":\"w.bin\"");

        HttpResponse<String> again =
                callAs(BOB, "POST", "/api/models/copies/from/duplicate", "{\"repository\":\"bob/to\"}");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(json(again).path("url").asString()).isEqualTo(url("/bob/to"));
        assertThat(callAs(BOB, "POST", "/api/models/copies/from/duplicate", "{}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/elsewhere/from/resolve/main/a.txt").body()).isEqualTo("a");
        assertThat(callAs(BOB, "POST", "/api/models/copies/from/duplicate", "{\"repository\":\"copies/x\"}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aGatedRepositoryIsCopiedByThoseWhoWereLetIn() {
        commit("copies/gated", Upload.text("a.txt", "a"));
        call("PUT", "/api/models/copies/gated/settings", "{\"gated\":\"manual\"}");
        HttpResponse<String> refused = callAs(BOB, "POST", "/api/models/copies/gated/duplicate", "{}");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(header(refused, "X-Error-Code")).isEqualTo("GatedRepo");
    }

    @Test
    void largeContentsAreListedWithTheFilesThatTheyAreIn() {
        commit("large/listed", Upload.text("d/one.bin", "one"), Upload.text("two.bin", "two"));
        commit("large/listed", Upload.text("two.bin", "three"));
        HttpResponse<String> first = get("/api/models/large/listed/lfs-files?limit=2");
        JsonNode files = json(first);
        assertThat(files.at("/0/filename").asString()).isEqualTo("two.bin");
        assertThat(files.at("/0/oid").asString()).isEqualTo(hash("three"));
        assertThat(files.at("/0/fileOid").asString()).isEqualTo(hash("three"));
        assertThat(files.at("/0/size").asInt()).isEqualTo(5);
        assertThat(files.at("/0/ref").asString()).isEqualTo("refs/heads/main");
        assertThat(files.at("/0/pusher/user").asString()).isEqualTo("alice");
        assertThat(files.at("/0/pushedAt").asString()).endsWith("Z");
        JsonNode rest = json(get(nextPage(first)));
        assertThat(rest).hasSize(1);
        assertThat(files.get(1).path("filename").asString()
                        + rest.get(0).path("filename").asString())
                .contains("d/one.bin", hash("two"));
        assertThat(callAs(BOB, "GET", "/api/models/large/listed/lfs-files", "").statusCode())
                .isEqualTo(403);
        assertThat(get("/api/models/large/listed/lfs-files?cursor=eHh4").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aForgottenContentIsInNoCommit() {
        commit("large/forgets", Upload.text("keep.txt", "kept"));
        String untouched = head("large/forgets");
        commit("large/forgets", Upload.text("secret/w.bin", "to be forgotten"), Upload.text("b.bin", "stays"));
        call("POST", "/api/models/large/forgets/tag/main", "{\"tag\":\"v1\"}");
        String before = head("large/forgets");
        commit("large/forgets", Upload.text("later.txt", "later"));
        String batch = "/api/models/large/forgets/lfs-files/batch";
        String deletion = "{\"deletions\":{\"sha\":[\"" + hash("to be forgotten") + "\"],\"rewriteHistory\":true}}";
        assertThat(callAs(BOB, "POST", batch, deletion).statusCode()).isEqualTo(403);
        assertThat(call("POST", batch, deletion.replace("true", "false")).statusCode())
                .isEqualTo(400);
        assertThat(call("POST", batch, deletion).statusCode()).isEqualTo(200);

        assertThat(get("/large/forgets/resolve/main/secret/w.bin").statusCode()).isEqualTo(404);
        assertThat(get("/large/forgets/resolve/v1/secret/w.bin").statusCode()).isEqualTo(404);
        assertThat(get("/api/models/large/forgets/tree/main/secret").statusCode())
                .isEqualTo(404);
        assertThat(get("/api/models/large/forgets/revision/" + before).statusCode())
                .isEqualTo(404);
        assertThat(get("/api/models/large/forgets/revision/" + untouched).statusCode())
                .isEqualTo(200);
        assertThat(get("/large/forgets/resolve/v1/b.bin").body()).isEqualTo("stays");
        assertThat(get("/large/forgets/resolve/main/later.txt").body()).isEqualTo("later");
        assertThat(json(get("/api/models/large/forgets/commits/main"))).hasSize(4);
        assertThat(get("/api/models/large/forgets/lfs-files").body())
                .contains("b.bin")
                .doesNotContain(hash("to be forgotten"));
        assertThat(call("POST", batch, deletion).statusCode()).isEqualTo(200);
        commit("large/forgets", Upload.text("more.txt", "more"));

        String one = "/api/models/large/forgets/lfs-files/" + hash("stays");
        assertThat(call("DELETE", one + "?rewriteHistory=false", "").statusCode())
                .isEqualTo(400);
        assertThat(call("DELETE", one, "").statusCode()).isEqualTo(200);
        assertThat(get("/large/forgets/resolve/main/b.bin").statusCode()).isEqualTo(404);
        assertThat(get("/large/forgets/resolve/main/more.txt").body()).isEqualTo("more");
    }

    @Test
    void aContentIsSharedWithAnotherRepositoryByWhoMayReadTheOneAndWriteToTheOther() {
        commit("large/source", Upload.text("w.bin", "shared"));
        alice().createRepo(RepoType.DATASET, "large/target", false, true);
        String body = "{\"target\":{\"type\":\"dataset\",\"name\":\"large/target\"},\"files\":[{\"sha256\":\""
                + hash("shared") + "\",\"filename\":\"w.bin\",\"xetHash\":\"x\"},{\"sha256\":\"" + "0".repeat(64)
                + "\",\"filename\":\"none\"}]}";
        String address = "/api/models/large/source/lfs-files/duplicate";
        assertThat(callAs(BOB, "POST", address, body).statusCode()).isEqualTo(403);
        JsonNode copied = json(call("POST", address, body));
        assertThat(copied.path("success")).hasSize(1);
        assertThat(copied.at("/failed/0/sha256").asString()).isEqualTo("0".repeat(64));
        assertThat(copied.at("/failed/0/error").asString()).contains("large/source");
        assertThat(get("/api/datasets/large/target/lfs-files").body()).contains(hash("shared"));
    }

    @Test
    void aFolderTellsItsSize() {
        commit("sizes/a", Upload.text("d/one.bin", "12345"), Upload.text("d/e/two.txt", "123"), Upload.text("x", "1"));
        assertThat(get("/api/models/sizes/a/treesize/main/d").body()).isEqualTo("{\"path\":\"/d\",\"size\":8}");
        assertThat(json(get("/api/models/sizes/a/treesize/main")).path("size").asLong())
                .isGreaterThan(9);
        assertThat(header(get("/api/models/sizes/a/treesize/main/none"), "X-Error-Code"))
                .isEqualTo("EntryNotFound");
    }

    @Test
    void whoAskedMayTakeItBackAndQuestionsComeInPages() {
        alice().createRepo(RepoType.MODEL, "asked/a", false, true);
        call("PUT", "/api/models/asked/a/settings", "{\"gated\":\"manual\"}");
        for (String user : List.of("u1", "u2", "u3")) {
            callAs(Tokens.of(user, user, Scope.MODELS_READ), "POST", "/asked/a/ask-access", "");
        }
        String requests = "/api/models/asked/a/user-access-request/";
        String second = Tokens.of("u2", "u2", Scope.MODELS_READ);
        assertThat(callAs(second, "POST", requests + "cancel", "{}").statusCode())
                .isEqualTo(200);
        assertThat(callAs(second, "POST", requests + "cancel", "").statusCode()).isEqualTo(404);
        assertThat(callAs(second, "POST", requests + "grant", "{\"user\":\"u2\"}")
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> page = get(requests + "pending?limit=1");
        assertThat(json(page).at("/0/user/user").asString()).isEqualTo("u1");
        assertThat(json(get(nextPage(page))).at("/0/user/user").asString()).isEqualTo("u3");
        assertThat(nextPage(get(nextPage(page)))).isEmpty();
    }

    @Test
    void aNameIsKnownByWhatIsUnderIt() {
        alice().createRepo(RepoType.MODEL, "known/a", false, true);
        alice().createRepo(RepoType.MODEL, "known/b", true, true);
        alice().createRepo(RepoType.DATASET, "known/c", false, true);
        JsonNode mine = json(get("/api/organizations/known/overview"));
        assertThat(mine.path("name").asString()).isEqualTo("known");
        assertThat(mine.path("numModels").asInt()).isEqualTo(2);
        JsonNode theirs = json(callAs(BOB, "GET", "/api/users/known/overview", ""));
        assertThat(theirs.path("numModels").asInt()).isEqualTo(1);
        assertThat(theirs.path("numDatasets").asInt()).isEqualTo(1);
        assertThat(get("/api/users/unheard-of/overview").statusCode()).isEqualTo(404);
    }

    @Test
    void headersComeWithoutTheBody() {
        alice().createRepo(RepoType.MODEL, "heads/a", false, true);
        HttpResponse<String> info = call("HEAD", "/api/models/heads/a", "");
        assertThat(info.statusCode()).isEqualTo(200);
        assertThat(info.body()).isEmpty();
        assertThat(header(info, "Content-Type")).startsWith("application/json");
        HttpResponse<String> missing = call("HEAD", "/api/models/heads/none", "");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(header(missing, "X-Error-Code")).isEqualTo("RepoNotFound");
    }

    private String head(String repo) {
        return alice().info(repo, "main").sha();
    }

    private static String hash(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private void commit(String repo, Upload... files) {
        alice().commit(new CommitRequest(RepoType.MODEL, repo, "main", "Add", List.of(files)).creatingRepository());
    }
}
