package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Contents that are changed behind the store's back. */
class ScrubTest extends RunningRegistry {
    private static final String ADMIN = Tokens.of("root", "lab", Scope.ADMIN);

    @Autowired
    JdbcClient jdbc;

    private String repo = "";
    private String content = "";

    @BeforeEach
    void file(TestInfo test) {
        repo = "lab/scrub-" + test.getTestMethod().orElseThrow().getName();
        content = repo + " " + "x".repeat(20_000);
        alice().createRepo(RepoType.MODEL, repo, false, true);
        upload();
        assertThat(read().body()).isEqualTo(content);
    }

    @AfterEach
    void delete() {
        alice().deleteRepo(RepoType.MODEL, repo);
    }

    @Test
    void aByteThatWasChangedIsNeverReadAndTheFileComesBackWhenItIsUploadedAgain() throws IOException {
        Path file = change(content.replace("x x", "x y").replaceFirst("x", "y"));
        HttpResponse<String> answer = read();
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("The content of d/w.bin was damaged");
        assertThat(file).doesNotExist();
        assertThat(BLOBS.resolve("quarantine").resolve(file.getFileName())).exists();

        JsonNode told = damage();
        assertThat(told.path("repaired").asBoolean()).isFalse();
        assertThat(told.path("damage").asString()).startsWith("has the sha256 ");
        assertThat(told.at("/files/0/repo").asString()).isEqualTo(repo);
        assertThat(told.at("/files/0/path").asString()).isEqualTo("d/w.bin");
        upload();
        assertThat(read().body()).isEqualTo(content);
        assertThat(damage().path("repaired").asBoolean()).isTrue();
    }

    @Test
    void aFileThatWasCutIsNotRead() throws IOException {
        change(content.substring(0, 100));
        assertThat(read().statusCode()).isEqualTo(500);
        assertThat(damage().path("damage").asString()).isEqualTo("has 100 bytes instead of " + content.length());
    }

    @Test
    void aFileThatWasOnlyTouchedIsReadAgainAndServed() throws IOException {
        Files.setLastModifiedTime(place(), FileTime.fromMillis(1));
        assertThat(read().body()).isEqualTo(content);
        assertThat(jdbc.sql("select written_at from content where sha256 = :sha256")
                        .param("sha256", oid())
                        .query(Long.class)
                        .single())
                .isEqualTo(1_000_000);
    }

    @Test
    void whatRottedWithoutATraceAndWhatIsGoneIsFoundByTheRound() throws IOException {
        FileTime then = Files.getLastModifiedTime(place());
        change(content.replaceFirst("x", "y"));
        Files.setLastModifiedTime(place(), then);
        String rotten = oid();
        content = "gone " + content;
        upload();
        Files.delete(place());
        String attributes = attributes();
        jdbc.sql("update small_content set bytes = 'rot' where sha256 = :sha256")
                .param("sha256", attributes)
                .update();

        JsonNode round = scrub();
        assertThat(round.at("/round/damaged").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(round.at("/round/bytes").asLong()).isGreaterThan(content.length());
        List<String> found = StreamSupport.stream(round.path("damaged").spliterator(), false)
                .map(damage -> damage.path("sha256").asString() + " "
                        + damage.path("damage").asString().split(" ")[0])
                .toList();
        assertThat(found).contains(rotten + " has", oid() + " is", attributes + " has");
        assertThat(read().statusCode()).isEqualTo(500);
        alice().createRepo(RepoType.MODEL, repo + "2", false, true);
        assertThat(get("/" + repo + "/resolve/main/.gitattributes").statusCode())
                .isEqualTo(200);
    }

    private JsonNode scrub() {
        assertThat(callAs(ADMIN, "POST", "/api/admin/scrub", "").statusCode()).isEqualTo(202);
        eventually(() -> report().at("/round/endedAt").isString());
        return report();
    }

    private JsonNode report() {
        return json(callAs(ADMIN, "GET", "/api/admin/scrub", ""));
    }

    private JsonNode damage() {
        return StreamSupport.stream(report().path("damaged").spliterator(), false)
                .filter(damage -> damage.path("sha256").asString().equals(oid()))
                .findFirst()
                .orElseThrow();
    }

    private void upload() {
        alice().commit(repo, RepoType.MODEL, "main", "Add weights", List.of(Upload.text("d/w.bin", content)));
    }

    private HttpResponse<String> read() {
        return get("/" + repo + "/resolve/main/d/w.bin");
    }

    private Path change(String to) throws IOException {
        Files.writeString(place(), to);
        return place();
    }

    private Path place() {
        return BLOBS.resolve("sha256")
                .resolve(oid().substring(0, 2))
                .resolve(oid().substring(2, 4))
                .resolve(oid());
    }

    private String oid() {
        return Sha256.of(content.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** The sha256 of the file that every repository of models begins with. */
    private String attributes() {
        return Sha256.of(get("/" + repo + "/resolve/main/.gitattributes").body().getBytes(StandardCharsets.UTF_8))
                .hex();
    }
}
