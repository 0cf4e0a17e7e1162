package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DownloadTest extends RunningRegistry {
    private static final String LARGE = "0123456789abcdef".repeat(60_000);
    private static final String SHA256 =
            Sha256.of(LARGE.getBytes(StandardCharsets.US_ASCII)).hex();
    private static final String FILE = "/lab/files/resolve/main/w.bin";

    private String commit = "";

    @BeforeEach
    void files() {
        commit = alice().commit(new CommitRequest(
                                RepoType.MODEL,
                                "lab/files",
                                "main",
                                "Add files",
                                List.of(
                                        Upload.text("w.bin", LARGE),
                                        Upload.text("hello.txt", "hello\n"),
                                        Upload.text("page.html", "<script>"),
                                        Upload.text("empty", "")))
                        .creatingRepository())
                .commitOid();
    }

    @Test
    void aLargeFileHasTheHeadersThatClientsCacheBy() {
        HttpResponse<String> head = call("HEAD", FILE, "");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "X-Repo-Commit")).isEqualTo(commit);
        assertThat(header(head, "ETag")).isEqualTo("\"" + SHA256 + "\"");
        assertThat(header(head, "X-Linked-ETag")).isEqualTo("\"" + SHA256 + "\"");
        assertThat(header(head, "X-Linked-Size")).isEqualTo("960000");
        assertThat(header(head, "Content-Length")).isEqualTo("960000");
        assertThat(header(head, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(head, "Content-Disposition"))
                .isEqualTo("inline; filename*=UTF-8''w.bin; filename=\"w.bin\";");
        assertThat(header(head, "X-Xet-Hash")).isEmpty();
        assertThat(header(head, "Link")).isEmpty();
        assertThat(get(FILE).body()).isEqualTo(LARGE);
    }

    @Test
    void aRegularFileHasGitsHash() {
        HttpResponse<String> answer = get("/lab/files/resolve/" + commit + "/hello.txt");
        assertThat(header(answer, "ETag")).isEqualTo("\"ce013625030ba8dba906f756967f9e9ca394464a\"");
        assertThat(header(answer, "X-Linked-ETag")).isEmpty();
        assertThat(header(answer, "X-Linked-Size")).isEmpty();
        assertThat(answer.body()).isEqualTo("hello\n");
    }

    @Test
    void rangesGiveParts() {
        assertRange("bytes=0-0", "0", "bytes 0-0/960000");
        assertRange("bytes=5-9", "56789", "bytes 5-9/960000");
        assertRange("bytes=959990-", "6789abcdef", "bytes 959990-959999/960000");
        assertRange("bytes=-3", "def", "bytes 959997-959999/960000");
        assertRange("bytes=100000-599999", LARGE.substring(100_000, 600_000), "bytes 100000-599999/960000");
        HttpResponse<String> past = get(FILE, "Range", "bytes=960000-");
        assertThat(past.statusCode()).isEqualTo(416);
        assertThat(header(past, "Content-Range")).isEqualTo("bytes */960000");
    }

    @Test
    void aPartOfAnotherContentIsNotMixedIn() {
        assertThat(get(FILE, "Range", "bytes=5-9", "If-Range", "\"other\"").statusCode())
                .isEqualTo(200);
        assertThat(get(FILE, "Range", "bytes=5-9", "If-Range", "\"" + SHA256 + "\"")
                        .statusCode())
                .isEqualTo(206);
    }

    @Test
    void anEmptyFileIsNoError() {
        HttpResponse<String> head = call("HEAD", "/lab/files/resolve/main/empty", "");
        assertThat(header(head, "Content-Length")).isEqualTo("0");
        HttpResponse<String> probe = get("/lab/files/resolve/main/empty", "Range", "bytes=0-0");
        assertThat(probe.statusCode()).isEqualTo(200);
        assertThat(header(probe, "Content-Range")).isEqualTo("bytes */0");
        assertThat(probe.body()).isEmpty();
    }

    @Test
    void whatIsKnownIsNotSentAgain() {
        HttpResponse<String> answer = get(FILE, "If-None-Match", "\"" + SHA256 + "\"");
        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
        assertThat(header(answer, "X-Repo-Commit")).isEqualTo(commit);
    }

    @Test
    void rawIsWhatGitHas() {
        HttpResponse<String> pointer = get("/lab/files/raw/main/w.bin");
        assertThat(pointer.body())
                .isEqualTo("version https://git-lfs.github.com/spec/v1\noid sha256:" + SHA256 + "\nsize 960000\n");
        assertThat(header(pointer, "ETag")).matches("\"[0-9a-f]{40}\"");
        assertThat(header(pointer, "X-Linked-Size")).isEmpty();
        assertThat(get("/lab/files/raw/main/hello.txt").body()).isEqualTo("hello\n");
    }

    @Test
    void everyNameOfARevisionWorks() {
        for (String revision : List.of("main", "HEAD", "refs%2Fheads%2Fmain", commit, commit.substring(0, 7))) {
            assertThat(header(get("/lab/files/resolve/" + revision + "/hello.txt"), "X-Repo-Commit"))
                    .as(revision)
                    .isEqualTo(commit);
        }
        assertThat(call("POST", "/api/models/lab/files/tag/main", "{\"tag\":\"v1\"}")
                        .statusCode())
                .isIn(200, 409);
        assertThat(get("/lab/files/resolve/v1/hello.txt").statusCode()).isEqualTo(200);
    }

    @Test
    void pagesOfStrangersAreText() {
        HttpResponse<String> page = get("/lab/files/resolve/main/page.html?download=true");
        assertThat(header(page, "Content-Type")).startsWith("text/plain");
        assertThat(header(page, "Content-Security-Policy")).contains("sandbox");
        assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(page, "Content-Disposition")).startsWith("attachment; ");
    }

    private void assertRange(String range, String body, String contentRange) {
        HttpResponse<String> answer = get(FILE, "Range", range);
        assertThat(answer.statusCode()).as(range).isEqualTo(206);
        assertThat(header(answer, "Content-Range")).isEqualTo(contentRange);
        assertThat(answer.body()).isEqualTo(body);
    }
}
