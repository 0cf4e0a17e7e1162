package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.mirror.Pins;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What administrators tell a mirror: to ask nothing, and to let revisions stay. */
class MirrorOrdersTest extends MirroredRegistry {
    private static final Sha256 OF_WEIGHTS =
            new Sha256("a2b0b29ab7c73d2c1b2e2a3ed5e5a3d4f3a8f2a3a7c3d3fd5d4c1f6a6a2b1c00");

    private String repo = "";
    private String commit = "";

    @BeforeEach
    void repository() throws IOException {
        repo = "orders/" + UUID.randomUUID();
        commit = publish(repo, Upload.text("config.json", "{\"of\":\"" + repo + "\"}"), Upload.text("other", repo))
                .commitOid();
        mirrored("/api/models/" + repo);
        mirrored("/" + repo + "/resolve/main/config.json");
        upstream.requests.clear();
    }

    @AfterEach
    void online() throws IOException {
        assertThat(order("PUT", "/api/mirror/offline", "{\"offline\":false}").statusCode())
                .isEqualTo(200);
    }

    private static void offline() throws IOException {
        assertThat(order("PUT", "/api/mirror/offline", "{\"offline\":true}").body())
                .contains("\"offline\":true");
    }

    private String pin(String revision) {
        return "{\"repo\":\"" + repo + "\",\"revision\":\"" + revision + "\"}";
    }

    @Test
    void whileItIsOfflineWhatIsHereIsServedAndNothingIsAskedFor() throws Exception {
        offline();
        later();
        assertThat(text(mirrored("/" + repo + "/resolve/main/config.json"))).contains(repo);
        HttpResponse<byte[]> stale = mirrored("/api/models/" + repo);
        assertThat(stale.statusCode()).isEqualTo(200);
        assertThat(header(stale, "X-HF-Warning")).startsWith("mirror; ").contains("offline");
        assertThat(mirrored("/api/models/" + repo + "/refs").statusCode()).isEqualTo(200);
        for (String path : List.of(
                "/" + repo + "/resolve/main/other",
                "/" + repo + "/resolve/v9/config.json",
                "/api/models/orders/elsewhere",
                "/orders/elsewhere/resolve/main/config.json")) {
            HttpResponse<byte[]> cold = mirrored(path);
            assertThat(cold.statusCode())
                    .as("of " + path + ", which Python's clients do not ask for again")
                    .isEqualTo(424);
            assertThat(header(cold, "Retry-After")).as(path).isEmpty();
            assertThat(text(cold)).as(path).contains("\"error\"").contains("offline by an administrator's order");
            assertThat(header(cold, "X-Error-Code")).as(path).isEmpty();
        }
        assertThat(upstream.requests).isEmpty();
        assertThat(tree(mirrored("/api/mirror/state")).path("offline").asBoolean())
                .isTrue();
        online();
        assertThat(text(mirrored("/" + repo + "/resolve/main/other"))).isEqualTo(repo);
    }

    @Test
    void aBranchThatIsPinnedStaysUntilItIsUnpinned() throws Exception {
        assertThat(order("POST", "/api/mirror/pins", pin("main")).body()).contains(commit);
        String next = publish(repo, Upload.text("config.json", "{}")).commitOid();
        later();
        for (String revision : List.of("main", "HEAD", "refs%2Fheads%2Fmain")) {
            assertThat(header(head("/" + repo + "/resolve/" + revision + "/config.json"), "X-Repo-Commit"))
                    .as(revision)
                    .isEqualTo(commit);
        }
        assertThat(upstream.requests).isEmpty();
        assertThat(text(mirrored("/api/models/" + repo + "/refs")))
                .contains(commit)
                .doesNotContain(next);
        assertThat(text(mirrored("/api/mirror/pins"))).contains(repo).contains("root");
        assertThat(header(head("/" + repo + "/resolve/" + next + "/config.json"), "X-Repo-Commit"))
                .as("who names the newer commit has it")
                .isEqualTo(next);
        assertThat(order("DELETE", "/api/mirror/pins", pin("main")).statusCode())
                .isEqualTo(200);
        assertThat(order("DELETE", "/api/mirror/pins", pin("main")).statusCode())
                .isEqualTo(404);
        later();
        assertThat(header(head("/" + repo + "/resolve/main/config.json"), "X-Repo-Commit"))
                .isEqualTo(next);
    }

    @Test
    void contentsOfAPinnedRevisionAreKnownAsKept() throws Exception {
        String sha256 = mirrorRows()
                .sql("select b.content_sha256 from mirrored_content m join git_blob b on b.content_sha256 = m.sha256"
                        + " join repo r on r.id = m.repo_id where r.name = :repo")
                .param("repo", repo)
                .query(String.class)
                .single();
        List<Sha256> contents = List.of(new Sha256(sha256), OF_WEIGHTS);
        Pins pins = mirrorBean(Pins.class);
        assertThat(pins.pinned(contents)).isEmpty();
        order("POST", "/api/mirror/pins", pin(commit.substring(0, 9)));
        assertThat(pins.pinned(contents)).containsExactly(new Sha256(sha256));
        order("DELETE", "/api/mirror/pins", pin(commit.substring(0, 9)));
        assertThat(pins.pinned(contents)).isEmpty();
    }

    @Test
    void aCommitThatNoBranchLeadsToAnyMoreIsKept() throws Exception {
        publish(repo, Upload.text("config.json", "{}"));
        later();
        mirrored("/api/models/" + repo);
        HttpResponse<String> collected = order("POST", "/api/admin/collect?grace=0s", "");
        assertThat(collected.statusCode()).as(collected.body()).isEqualTo(200);
        assertThat(header(head("/" + repo + "/resolve/" + commit + "/config.json"), "X-Repo-Commit"))
                .isEqualTo(commit);
        assertThat(upstream.count(commit)).isZero();
    }

    @Test
    void onlyAdministratorsGiveOrders() throws Exception {
        assertThat(post("PUT", "/api/mirror/offline", "{\"offline\":true}").statusCode())
                .isEqualTo(403);
        assertThat(post("POST", "/api/mirror/pins", pin("main")).statusCode()).isEqualTo(403);
        assertThat(order("PUT", "/api/mirror/offline", "{}").statusCode()).isEqualTo(400);
        assertThat(order("POST", "/api/mirror/pins", "{\"repo\":\"orders/none\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(JsonMapper.shared()
                        .readTree(order("POST", "/api/mirror/pins", "{}").body())
                        .path("error")
                        .asString())
                .contains("repo");
    }
}
