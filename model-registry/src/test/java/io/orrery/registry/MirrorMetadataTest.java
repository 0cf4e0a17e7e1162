package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.CommitResult;
import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.Upload;
import io.orrery.registry.FaultyUpstream.Fault;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class MirrorMetadataTest extends MirroredRegistry {
    private static final String LARGE = "0123456789abcdef".repeat(1000);
    private static final String ODD = "sub/dir/odd # 100% + & ; [x] ü 日本.txt";
    private static final String ODD_RAW =
            "sub/dir/odd%20%23%20100%25%20%2B%20%26%20%3B%20%5Bx%5D%20%C3%BC%20%E6%97%A5%E6%9C%AC.txt";

    private String repo = "";
    private String commit = "";

    @BeforeEach
    void repository() {
        repo = "meta/" + UUID.randomUUID();
        CommitResult made = publish(
                repo,
                Upload.text("README.md", "---\nlicense: mit\ntags: [small]\npipeline_tag: text-generation\n---\n"),
                Upload.text("config.json", "{\"model_type\":\"llama\"}"),
                Upload.text("w.bin", LARGE),
                Upload.text(ODD, "odd"),
                Upload.text("empty", ""));
        commit = made.commitOid();
    }

    @AfterEach
    void onlyTheMirrorsTokenWentUp() {
        assertThat(upstream.strangers).isEmpty();
    }

    @Test
    void aRepositoryThatNobodyAskedForIsAnsweredAsTheUpstreamDoes() throws Exception {
        JsonNode info = tree(mirrored("/api/models/" + repo));
        JsonNode original = json(get("/api/models/" + repo));
        for (String key : List.of(
                "id",
                "modelId",
                "author",
                "sha",
                "lastModified",
                "createdAt",
                "private",
                "gated",
                "tags",
                "pipeline_tag",
                "library_name",
                "cardData",
                "config",
                "usedStorage",
                "siblings")) {
            assertThat(info.path(key)).as(key).isEqualTo(original.path(key));
        }
        for (String path : List.of(
                "/tree/main?recursive=true", "/tree/main/sub", "/tree/" + commit, "/tree/refs%2Fheads%2Fmain")) {
            assertThat(tree(mirrored("/api/models/" + repo + path)))
                    .as(path)
                    .isEqualTo(withoutXet(json(get("/api/models/" + repo + path))));
        }
        JsonNode history = tree(mirrored("/api/models/" + repo + "/commits/main"));
        assertThat(history.path(0).path("id").asString()).isEqualTo(commit);
        assertThat(history.path(0).path("title").asString()).isEqualTo("Add files");
        assertThat(text(mirrored("/api/models?search=" + repo))).contains("\"" + repo + "\"");
    }

    /** The mirror names parts of contents that it holds itself, and no others. */
    private static JsonNode withoutXet(JsonNode entries) {
        entries.forEach(entry -> ((ObjectNode) entry).remove("xetHash"));
        return entries;
    }

    @Test
    void aHeadHasTheUpstreamsValues() throws Exception {
        for (String file : List.of("w.bin", "config.json", "empty", ODD_RAW)) {
            String path = "/" + repo + "/resolve/main/" + file;
            HttpResponse<Void> head = head(path);
            HttpResponse<String> original = call("HEAD", path, "");
            assertThat(head.statusCode()).as(file).isEqualTo(200);
            for (String name : List.of(
                    "X-Repo-Commit",
                    "ETag",
                    "X-Linked-ETag",
                    "X-Linked-Size",
                    "Content-Length",
                    "Content-Disposition",
                    "Accept-Ranges")) {
                assertThat(header(head, name)).as(file + " " + name).isEqualTo(header(original, name));
            }
        }
        assertThat(upstream.count("/resolve/")).as("metadata alone").isZero();
    }

    @Test
    void aCachedCommitCostsNothingAndABranchOneQuestion() throws Exception {
        mirrored("/api/models/" + repo);
        assertThat(upstream.requests).hasSize(3);
        upstream.requests.clear();
        assertThat(head("/" + repo + "/resolve/" + commit + "/w.bin").statusCode())
                .isEqualTo(200);
        assertThat(mirrored("/api/models/" + repo + "/revision/" + commit).statusCode())
                .isEqualTo(200);
        assertThat(mirrored("/api/models/" + repo + "/tree/" + commit + "/sub").statusCode())
                .isEqualTo(200);
        assertThat(head("/" + repo + "/resolve/" + commit + "/none").statusCode())
                .isEqualTo(404);
        assertThat(mirrored("/api/models/" + repo + "/revision/main").statusCode())
                .isEqualTo(200);
        assertThat(upstream.requests).isEmpty();
        later();
        assertThat(mirrored("/api/models/" + repo + "/revision/main").statusCode())
                .isEqualTo(200);
        assertThat(upstream.requests).hasSize(1);
    }

    @Test
    void aMissingEntryIsToldWithItsCommit() throws Exception {
        HttpResponse<Void> missing = head("/" + repo + "/resolve/main/none.txt");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(header(missing, "X-Error-Code")).isEqualTo("EntryNotFound");
        assertThat(header(missing, "X-Repo-Commit")).isEqualTo(commit);
        HttpResponse<byte[]> folder = mirrored("/api/models/" + repo + "/tree/main/additional_chat_templates");
        assertThat(folder.statusCode()).isEqualTo(404);
        assertThat(header(folder, "X-Error-Code")).isEqualTo("EntryNotFound");
    }

    @Test
    void aBranchThatMovesIsFollowedAndTheOldCommitStays() throws Exception {
        mirrored("/api/models/" + repo);
        String next = publish(repo, Upload.text("config.json", "{}")).commitOid();
        assertThat(header(head("/" + repo + "/resolve/main/config.json"), "X-Repo-Commit"))
                .as("it is not asked again at once")
                .isEqualTo(commit);
        later();
        assertThat(header(head("/" + repo + "/resolve/main/config.json"), "X-Repo-Commit"))
                .isEqualTo(next);
        assertThat(header(head("/" + repo + "/resolve/" + commit + "/config.json"), "X-Repo-Commit"))
                .isEqualTo(commit);
    }

    @Test
    void branchesTagsAndCommitsAreFoundByEveryName() throws Exception {
        call("POST", "/api/models/" + repo + "/tag/main", "{\"tag\":\"v1\"}");
        call("POST", "/api/models/" + repo + "/branch/feature%2Fx", "{}");
        publish(repo, Upload.text("config.json", "{}"));
        for (String revision : List.of("v1", "refs%2Ftags%2Fv1", "feature%2Fx", commit, commit.substring(0, 9))) {
            assertThat(header(head("/" + repo + "/resolve/" + revision + "/config.json"), "X-Repo-Commit"))
                    .as(revision)
                    .isEqualTo(commit);
        }
        assertThat(mirrored("/api/models/" + repo + "/tree/feature/x/sub").statusCode())
                .isEqualTo(200);
        assertThat(tree(mirrored("/api/models/" + repo + "/refs")))
                .isEqualTo(json(get("/api/models/" + repo + "/refs")));
        HttpResponse<Void> none = head("/" + repo + "/resolve/v2/config.json");
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(header(none, "X-Error-Code")).isEqualTo("RevisionNotFound");
    }

    @Test
    void datasetsAreMirroredToo() throws Exception {
        String set = "meta/" + UUID.randomUUID();
        alice().createRepo(RepoType.DATASET, set, false, false);
        alice().commit(set, RepoType.DATASET, "main", "Add", List.of(Upload.text("a.jsonl", "{}\n")));
        assertThat(tree(mirrored("/api/datasets/" + set + "/tree/main")).toString())
                .contains("a.jsonl");
        assertThat(head("/datasets/" + set + "/resolve/main/a.jsonl").statusCode())
                .isEqualTo(200);
    }

    @Test
    void anotherNameLeadsToTheRepository() throws Exception {
        upstream.rename("oldname", repo);
        for (int i = 0; i < 2; i++) {
            HttpResponse<Void> moved = head("/oldname/resolve/main/w.bin?download=true");
            assertThat(moved.statusCode()).isEqualTo(307);
            assertThat(header(moved, "Location")).isEqualTo("/" + repo + "/resolve/main/w.bin?download=true");
        }
        assertThat(upstream.count("oldname")).isEqualTo(1);
        assertThat(header(mirrored("/api/models/oldname/tree/main/sub%2Fdir"), "Location"))
                .isEqualTo("/api/models/" + repo + "/tree/main/sub%2Fdir");
    }

    @Test
    void aRepositoryThatIsRenamedLaterLeadsOn() throws Exception {
        mirrored("/api/models/" + repo);
        String other = "meta/" + UUID.randomUUID();
        publish(other, Upload.text("config.json", "{}"));
        upstream.rename(repo, other);
        later();
        for (int i = 0; i < 2; i++) {
            HttpResponse<Void> moved = head("/" + repo + "/resolve/main/w.bin");
            assertThat(moved.statusCode()).isEqualTo(307);
            assertThat(header(moved, "Location")).isEqualTo("/" + other + "/resolve/main/w.bin");
        }
    }

    @Test
    void whatTheUpstreamDoesNotHaveIsNotFoundAndNotAskedForAgainAtOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            HttpResponse<byte[]> none = mirrored("/api/models/meta/none");
            assertThat(none.statusCode()).isEqualTo(404);
            assertThat(header(none, "X-Error-Code")).isEqualTo("RepoNotFound");
        }
        assertThat(upstream.requests).hasSize(1);
        later();
        publish("meta/none", Upload.text("a", "b"));
        assertThat(mirrored("/api/models/meta/none").statusCode()).isEqualTo(200);
    }

    @Test
    void anUpstreamThatCannotBeReachedIsNoMissingRepository() throws Exception {
        mirrored("/api/models/" + repo);
        upstream.down();
        later();
        try {
            HttpResponse<Void> stale = head("/" + repo + "/resolve/main/w.bin");
            assertThat(stale.statusCode()).isEqualTo(200);
            assertThat(header(stale, "X-HF-Warning")).startsWith("mirror; ").contains("cannot be reached");
            HttpResponse<byte[]> cold = mirrored("/api/models/meta/other");
            assertThat(cold.statusCode()).isEqualTo(502);
            assertThat(header(cold, "X-Error-Code")).isEmpty();
            assertThat(text(cold)).contains("cannot be reached");
        } finally {
            upstream.up();
        }
    }

    @Test
    void anUpstreamThatFailsOrSaysNonsenseIsNoMissingRepository() throws Exception {
        upstream.fail(repo, new Fault.Status(503, "", Map.of()));
        assertThat(mirrored("/api/models/" + repo).statusCode()).isEqualTo(502);
        assertThat(mirrored("/api/models/" + repo).statusCode()).isEqualTo(502);
        assertThat(upstream.requests).as("it is left alone for a while").hasSize(1);
        later();
        upstream.fail(repo, new Fault.Status(200, "<html>", Map.of()));
        assertThat(mirrored("/api/models/" + repo).statusCode()).isEqualTo(502);
        upstream.fail(
                repo,
                new Fault.Status(401, "", Map.of("X-Error-Message", "Invalid credentials in Authorization header")));
        HttpResponse<byte[]> refused = mirrored("/api/models/" + repo);
        assertThat(refused.statusCode()).isEqualTo(502);
        assertThat(text(refused)).contains("token");
        assertThat(mirrored("/api/models/" + repo).statusCode()).isEqualTo(200);
    }

    @Test
    void aShortWaitIsWaitedForAndALongOneIsPassedOn() throws Exception {
        upstream.fail(repo, new Fault.Status(429, "", Map.of("Retry-After", "1")));
        assertThat(mirrored("/api/models/" + repo).statusCode()).isEqualTo(200);
        assertThat(upstream.count("/revision/main")).isEqualTo(2);
        later();
        upstream.fail(repo, new Fault.Status(429, "", Map.of("RateLimit", "\"api\";r=0;t=40")));
        HttpResponse<byte[]> stale = mirrored("/api/models/" + repo);
        assertThat(stale.statusCode()).isEqualTo(200);
        assertThat(header(stale, "X-HF-Warning")).contains("asks this mirror to wait");
        HttpResponse<byte[]> cold = mirrored("/api/models/meta/other");
        assertThat(cold.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(header(cold, "Retry-After"))).isBetween(30, 40);
        later();
        assertThat(mirrored("/api/models/" + repo).headers().firstValue("X-HF-Warning"))
                .isEmpty();
    }

    @Test
    void nobodyWritesToAMirroredRepository() throws Exception {
        mirrored("/api/models/" + repo);
        for (String[] write : new String[][] {
            {"POST", "/api/models/" + repo + "/commit/main", "{\"key\":\"header\",\"value\":{\"summary\":\"x\"}}"},
            {"POST", "/api/models/" + repo + "/preupload/main", "{\"files\":[]}"},
            {"POST", "/api/models/" + repo + "/branch/x", "{}"},
            {"DELETE", "/api/models/" + repo + "/tag/x", ""},
            {"POST", "/" + repo + ".git/info/lfs/objects/batch", "{\"operation\":\"upload\",\"objects\":[]}"},
            {"DELETE", "/api/repos/delete", "{\"name\":\"" + repo + "\"}"}
        }) {
            HttpResponse<String> refused = post(write[0], write[1], write[2]);
            assertThat(refused.statusCode()).as(write[1]).isEqualTo(403);
            assertThat(refused.body()).as(write[1]).contains("only read here");
        }
    }

    @Test
    void namespacesOfOursAreNeverAskedFor() throws Exception {
        assertThat(post("POST", "/api/repos/create", "{\"name\":\"inner/own\"}").statusCode())
                .isEqualTo(200);
        publish("inner/own", Upload.text("secret", "theirs"));
        publish("inner/other", Upload.text("secret", "theirs"));
        publish("readers/other", Upload.text("secret", "theirs"));
        assertThat(head("/inner/own/resolve/main/secret").statusCode()).isEqualTo(404);
        for (String other : List.of("inner/other", "readers/other", "a--b/c")) {
            assertThat(header(mirrored("/api/models/" + other), "X-Error-Code"))
                    .as(other)
                    .isEqualTo("RepoNotFound");
        }
        assertThat(upstream.requests).isEmpty();
    }

    @Test
    void fieldsOfXetAreLeftOut() throws Exception {
        upstream.fail(
                "/tree/",
                new Fault.Status(
                        200,
                        """
                        [{"type":"file","oid":"%s","size":3,"path":"w.bin","xetHash":"%s",
                          "lfs":{"oid":"%s","size":3,"pointerSize":127}}]\
                        """.formatted("1".repeat(40), "2".repeat(64), "3".repeat(64)),
                        Map.of("Content-Type", "application/json")));
        assertThat(text(mirrored("/api/models/" + repo + "?blobs=true")))
                .contains("3".repeat(64))
                .doesNotContain("xet");
        assertThat(text(mirrored("/api/models/" + repo + "/tree/main")))
                .contains("3".repeat(64))
                .doesNotContain("xet");
        HttpResponse<Void> head = head("/" + repo + "/resolve/main/w.bin");
        assertThat(header(head, "X-Xet-Hash")).isEmpty();
        assertThat(header(head, "Link")).isEmpty();
    }

    @Test
    void whatIsPrivateThereIsForAdministratorsHere() throws Exception {
        String hidden = "meta/" + UUID.randomUUID();
        alice().createRepo(RepoType.MODEL, hidden, true, false);
        upstream.fail(
                hidden + "/revision",
                new Fault.Status(
                        200,
                        "{\"id\":\"" + hidden + "\",\"sha\":\"" + commit + "\",\"private\":true}",
                        Map.of("Content-Type", "application/json")));
        upstream.fail(hidden + "/tree", new Fault.Status(200, "[]", Map.of()));
        assertThat(header(mirrored("/api/models/" + hidden), "X-Error-Code")).isEqualTo("RepoNotFound");
        assertThat(text(mirrored("/api/models?search=" + hidden))).isEqualTo("[]");
        String root = Tokens.of("root", "lab", Scope.MODELS_READ, Scope.ADMIN);
        later();
        upstream.fail(hidden + "/revision", new Fault.Status(503, "", Map.of()));
        assertThat(mirrored("/api/models/" + hidden, "Authorization", "Bearer " + root)
                        .statusCode())
                .isEqualTo(200);
    }
}
