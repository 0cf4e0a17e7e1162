package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertRange("bytes=959998-2000000", "ef", "bytes 959998-959999/960000");
        assertRange("bytes=-2000000", LARGE, "bytes 0-959999/960000");
        assertRange("bytes=100000-599999", LARGE.substring(100_000, 600_000), "bytes 100000-599999/960000");
        for (String other : List.of("bytes=5-4", "bytes=x-", "lines=1-2", "bytes=0-1,5-6", "bytes=-")) {
            assertThat(get(FILE, "Range", other).statusCode()).as(other).isEqualTo(200);
        }
        assertThat(get(FILE, "Range", "bytes=-0").statusCode()).isEqualTo(416);
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

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void whatIsKnownIsNotSentAgain(String method) {
        String tag = "\"" + SHA256 + "\"";
        for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "\"a\" , W/" + tag + ",\"b\"", "*")) {
            HttpResponse<String> answer = call(method, FILE, "", "If-None-Match", known, "Range", "bytes=0-0");
            assertThat(answer.statusCode()).as(known).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            assertThat(header(answer, "ETag")).isEqualTo(tag);
            assertThat(header(answer, "X-Repo-Commit")).isEqualTo(commit);
        }
        for (String unknown : List.of("\"other\"", "W/\"other\"", SHA256)) {
            assertThat(call(method, FILE, "", "If-None-Match", unknown).statusCode())
                    .as(unknown)
                    .isEqualTo(200);
        }
    }

    @Test
    void aPartIsOnlySentOfTheContentThatTheCallerKnows() {
        String tag = "\"" + SHA256 + "\"";
        for (String other : List.of("W/" + tag, "\"x\"", "Fri, 27 Nov 2026 00:00:00 GMT")) {
            assertThat(get(FILE, "Range", "bytes=1-2", "If-Range", other).statusCode())
                    .as(other)
                    .isEqualTo(200);
        }
        assertThat(get(FILE, "Range", "bytes=1-2", "If-Range", tag).body()).isEqualTo("12");
    }

    @Test
    void theHeadersOfAContentAreToldWithoutOpeningIt() throws Exception {
        String text = "a content that gets lost ".repeat(4000);
        alice().commit("lab/files", RepoType.MODEL, "main", "m", List.of(Upload.text("lost.bin", text)));
        Files.delete(place(Sha256.of(text.getBytes(StandardCharsets.US_ASCII)).hex()));
        HttpResponse<String> head = call("HEAD", "/lab/files/resolve/main/lost.bin", "");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length")).isEqualTo("100000");
        assertThat(get("/lab/files/resolve/main/lost.bin").statusCode()).isEqualTo(500);
    }

    @Test
    void filesLargerThanAnIntegerAreServed() throws Exception {
        long size = (3L << 30) + 5;
        Path file = hollow("huge.bin", "3".repeat(64), size);
        String huge = "/lab/files/resolve/main/huge.bin";
        assertThat(header(call("HEAD", huge, ""), "Content-Length")).isEqualTo("3221225477");
        assertThat(header(call("HEAD", huge, ""), "X-Linked-Size")).isEqualTo("3221225477");
        HttpResponse<String> tail = get(huge, "Range", "bytes=-3");
        assertThat(tail.body()).isEqualTo("end");
        assertThat(header(tail, "Content-Range")).isEqualTo("bytes 3221225474-3221225476/3221225477");
        assertThat(get(huge, "Range", "bytes=2999999999-3000999999").body()).hasSize(1_000_001);
        assertThat(get(huge, "Range", "bytes=3221225477-").statusCode()).isEqualTo(416);
        Files.delete(file);
        jdbc.sql("delete from content where sha256 = :oid")
                .param("oid", file.getFileName().toString())
                .update();
    }

    @Test
    void theNameOfADownloadIsWrittenForEveryReader() {
        alice().commit("lab/files", RepoType.MODEL, "main", "m", List.of(Upload.text("d/a \"quoted\" é日.txt", "x")));
        String address = "/lab/files/resolve/main/d/a%20%22quoted%22%20%C3%A9%E6%97%A5.txt";
        assertThat(header(get(address), "Content-Disposition"))
                .isEqualTo("inline; filename*=UTF-8''a%20%22quoted%22%20%C3%A9%E6%97%A5.txt;"
                        + " filename=\"a _quoted_ __.txt\";");
        assertThat(header(get(address + "?download=true"), "Content-Disposition"))
                .startsWith("attachment; filename*=");
    }

    @Test
    void everyAnswerOfAFileTellsTheCommit() {
        for (String method : List.of("GET", "HEAD")) {
            for (String path : List.of(
                    "/resolve/main/none",
                    "/raw/main/none",
                    "/resolve/main/",
                    "/raw/main/hello.txt",
                    "/resolve/main/empty")) {
                assertThat(header(call(method, "/lab/files" + path, ""), "X-Repo-Commit"))
                        .as(method + path)
                        .isEqualTo(commit);
            }
            HttpResponse<String> past = call(method, FILE, "", "Range", "bytes=960000-");
            assertThat(past.statusCode()).isEqualTo(416);
            assertThat(header(past, "X-Repo-Commit")).isEqualTo(commit);
        }
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

    private static Path place(String oid) {
        return BLOBS.resolve("sha256")
                .resolve(oid.substring(0, 2))
                .resolve(oid.substring(2, 4))
                .resolve(oid);
    }

    private void assertRange(String range, String body, String contentRange) {
        HttpResponse<String> answer = get(FILE, "Range", range);
        assertThat(answer.statusCode()).as(range).isEqualTo(206);
        assertThat(header(answer, "Content-Range")).isEqualTo(contentRange);
        assertThat(answer.body()).isEqualTo(body);
    }

    @Test
    void anAnswerThatBreaksOffIsShorterThanItSaid() throws Exception {
        Path file = hollow("cut.bin", "4".repeat(64), 64 << 20);
        HttpRequest request = HttpRequest.newBuilder(URI.create(url("/lab/files/resolve/main/cut.bin")))
                .header("Authorization", "Bearer " + Tokens.of("alice", "lab", Scope.MODELS_READ))
                .build();
        try (HttpClient client = HttpClient.newHttpClient();
                InputStream body =
                        client.send(request, BodyHandlers.ofInputStream()).body()) {
            body.read();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(100_000);
            }
            assertThatThrownBy(() -> body.transferTo(OutputStream.nullOutputStream()))
                    .isInstanceOf(IOException.class);
        }
        Files.delete(file);
        jdbc.sql("delete from content where sha256 = :oid")
                .param("oid", file.getFileName().toString())
                .update();
    }

    /**
     * Commits a file of which only the end is written. Nobody has noted what it was when it was written, and it passes for one that was cut
     * into chunks, which takes long.
     */
    private Path hollow(String path, String oid, long size) throws IOException {
        Path file = place(oid);
        Files.createDirectories(file.getParent());
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(size);
            sparse.seek(size - 3);
            sparse.write("end".getBytes(StandardCharsets.US_ASCII));
        }
        jdbc.sql("insert into content (sha256, size, touched_at) values (:oid, :size, now()) on conflict do nothing")
                .param("oid", oid)
                .param("size", size)
                .update();
        jdbc.sql("insert into xet_file (hash, sha256, size, whole, terms) values (:oid, :oid, :size, true, '')"
                        + " on conflict do nothing")
                .param("oid", oid)
                .param("size", size)
                .update();
        jdbc.sql("insert into lfs_object (repo_id, sha256, size, uploaded_by, uploaded_at)"
                        + " select id, :oid, :size, 'alice', now() from repo where name = 'lab/files'"
                        + " on conflict do nothing")
                .param("oid", oid)
                .param("size", size)
                .update();
        assertThat(call(
                                "POST",
                                "/api/models/lab/files/commit/main",
                                "{\"key\":\"header\",\"value\":{}}\n"
                                        + "{\"key\":\"lfsFile\",\"value\":{\"path\":\"" + path + "\",\"oid\":\"" + oid
                                        + "\"}}")
                        .statusCode())
                .isEqualTo(200);
        return file;
    }
}
