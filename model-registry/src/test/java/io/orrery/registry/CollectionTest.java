package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class CollectionTest extends RunningRegistry {
    private static final String ADMIN = Tokens.of("root", "lab", Scope.ADMIN);

    @Autowired
    DataSource database;

    private String repo = "";

    @BeforeEach
    void repository(TestInfo test) {
        repo = "collection/" + test.getTestMethod().orElseThrow().getName();
        alice().createRepo(RepoType.MODEL, repo, false, false);
        collect("grace=0s");
    }

    @Test
    void whatADeletedBranchHadGoesAndWhatIsSharedStays() throws Exception {
        String shared = content("shared");
        String lost = content("lost");
        commit("main", Upload.text("kept.bin", shared));
        call("POST", "/api/models/" + repo + "/branch/dev", "{}");
        commit("dev", Upload.text("again.bin", shared), Upload.text("lost.bin", lost), Upload.text("note.txt", "lost"));
        String head = alice().info(repo, "dev").sha();
        call("DELETE", "/api/models/" + repo + "/branch/dev", "");

        JsonNode gone = collect("grace=0s").path("gone");
        assertThat(gone.path("commits").asInt()).isOne();
        assertThat(gone.path("trees").asInt()).isOne();
        assertThat(gone.path("blobs").asInt()).isEqualTo(2);
        assertThat(gone.path("contents").asInt()).isEqualTo(2);
        assertThat(gone.path("bytes").asLong()).isEqualTo(lost.length() + 4);
        assertThat(file(lost)).doesNotExist();
        assertThat(rows("small_content", "lost")).isZero();
        assertThat(get("/" + repo + "/resolve/main/kept.bin").body()).isEqualTo(shared);
        assertThat(get("/api/models/" + repo + "/revision/" + head).statusCode())
                .isEqualTo(404);
    }

    @Test
    void whatIsYoungStays() throws Exception {
        String content = content("young");
        call("POST", "/api/models/" + repo + "/branch/dev", "{}");
        commit("dev", Upload.text("w.bin", content));
        String head = alice().info(repo, "dev").sha();
        call("DELETE", "/api/models/" + repo + "/branch/dev", "");
        assertThat(collect("").at("/gone/contents").asInt()).isZero();
        assertThat(get("/" + repo + "/resolve/" + head + "/w.bin").body()).isEqualTo(content);
    }

    @Test
    void aRehearsalTellsWhatWouldGoAndLeavesIt() throws Exception {
        String content = content("rehearsed");
        commit("main", Upload.text("w.bin", content));
        alice().deleteRepo(RepoType.MODEL, repo);

        JsonNode told = collect("dryRun=true&grace=0s");
        assertThat(told.path("dryRun").asBoolean()).isTrue();
        assertThat(file(content)).exists();
        assertThat(rows("content", content)).isOne();
        assertThat(rows("lfs_object", content)).isZero();
        JsonNode done = collect("grace=0s");
        assertThat(done.path("gone")).isEqualTo(told.path("gone"));
        assertThat(done.at("/gone/bytes").asLong()).isGreaterThanOrEqualTo(content.length());
        assertThat(file(content)).doesNotExist();
    }

    @Test
    void anUploadThatNobodyCommitsGoesAndMayComeAgain() throws Exception {
        String content = content("uploaded");
        put(content);
        collect("");
        assertThat(file(content)).exists();
        collect("grace=0s");
        assertThat(file(content)).doesNotExist();
        assertThat(rows("lfs_object", content)).isZero();
        HttpResponse<String> late = call(
                "POST",
                "/api/models/" + repo + "/commit/main",
                "{\"key\":\"header\",\"value\":{\"summary\":\"late\"}}\n"
                        + "{\"key\":\"lfsFile\",\"value\":{\"path\":\"w.bin\","
                        + "\"algo\":\"sha256\",\"oid\":\"" + oid(content) + "\",\"size\":" + content.length() + "}}");
        assertThat(late.statusCode()).isEqualTo(400);
        commit("main", Upload.text("w.bin", content));
        assertThat(get("/" + repo + "/resolve/main/w.bin").body()).isEqualTo(content);
    }

    @Test
    void whatAProcessLeftThatDiedBeforeItsTransactionEndedGoes() throws Exception {
        String content = content("renamed");
        Path left = file(content);
        Files.createDirectories(left.getParent());
        Files.writeString(left, content);
        assertThat(collect("").path("adopted").asInt()).isOne();
        assertThat(left).exists();
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(100_000)));
        jdbc.sql("delete from content where sha256 = :sha256")
                .param("sha256", oid(content))
                .update();
        assertThat(collect("").at("/gone/contents").asInt()).isOne();
        assertThat(left).doesNotExist();
    }

    @Test
    void factsOfContentsGoWithThem() throws Exception {
        String content = content("no safetensors");
        commit("main", Upload.text("model.safetensors", content));
        assertThat(rows("content_facts", content)).isOne();
        alice().deleteRepo(RepoType.MODEL, repo);
        collect("grace=0s");
        assertThat(rows("content_facts", content)).isZero();
    }

    @Test
    void oneCollectionRunsAtATime() throws Exception {
        try (Connection other = database.getConnection();
                Statement statement = other.createStatement()) {
            statement.execute("select pg_advisory_lock(" + 0x6f72726572790002L + ")");
            HttpResponse<String> answer = callAs(ADMIN, "POST", "/api/admin/collect", "");
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.body()).contains("A collection is running");
            statement.execute("select pg_advisory_unlock(" + 0x6f72726572790002L + ")");
        }
        assertThat(callAs(ADMIN, "POST", "/api/admin/collect", "").statusCode()).isEqualTo(200);
    }

    @Test
    void theLastCollectionIsRememberedCountedAndInTheLog() throws Exception {
        commit("main", Upload.text("w.bin", content("counted")));
        alice().deleteRepo(RepoType.MODEL, repo);
        JsonNode done = collect("grace=0s");
        assertThat(json(callAs(ADMIN, "GET", "/api/admin/collect", ""))).isEqualTo(done);
        assertThat(json(callAs(ADMIN, "GET", "/api/audit?action=store.collected&limit=1", ""))
                        .at("/0/details/gone"))
                .isEqualTo(done.path("gone"));
        assertThat(callAs(ADMIN, "GET", "/actuator/prometheus", "").body())
                .containsPattern("orrery_registry_collected_bytes_total [1-9]")
                .containsPattern("orrery_registry_collected_contents_total [1-9]");
    }

    @Test
    void aGraceThatIsNoTimeIsRefused() {
        HttpResponse<String> answer = callAs(ADMIN, "POST", "/api/admin/collect?grace=soon", "");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("grace must be a time such as 24h or 30m, but is 'soon'");
    }

    private JsonNode collect(String query) {
        HttpResponse<String> answer = callAs(ADMIN, "POST", "/api/admin/collect?" + query, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private void commit(String branch, Upload... files) {
        alice().commit(repo, RepoType.MODEL, branch, "Add files", List.of(files));
    }

    private void put(String content) {
        HttpResponse<String> batch = call(
                "POST",
                "/" + repo + ".git/info/lfs/objects/batch",
                "{\"operation\":\"upload\",\"objects\":[{\"oid\":\"" + oid(content) + "\",\"size\":" + content.length()
                        + "}]}");
        String href = json(batch).at("/objects/0/actions/upload/href").asString();
        assertThat(callAs("", "PUT", href.substring(url("").length()), content).statusCode())
                .isEqualTo(200);
    }

    private int rows(String table, String content) {
        return jdbc.sql("select count(*) from " + table + " where sha256 = :sha256")
                .param("sha256", oid(content))
                .query(Integer.class)
                .single();
    }

    private static Path file(String content) {
        String oid = oid(content);
        return BLOBS.resolve("sha256")
                .resolve(oid.substring(0, 2))
                .resolve(oid.substring(2, 4))
                .resolve(oid);
    }

    private static String oid(String content) {
        return Sha256.of(content.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** Too large for a row of the database. */
    private static String content(String name) {
        return name + " " + "x".repeat(20_000);
    }
}
