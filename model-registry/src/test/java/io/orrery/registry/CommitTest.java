package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.hub.CommitResult;
import io.orrery.api.hub.HistoryEntry;
import io.orrery.api.hub.RepoType;
import io.orrery.api.hub.TreeEntry;
import io.orrery.api.identity.Scope;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.HubClient;
import io.orrery.hub.HubException;
import io.orrery.hub.Upload;
import io.orrery.registry.blob.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class CommitTest extends RunningRegistry {
    private static final String CONTENT = "the content of a large file";
    private static final String OID =
            Sha256.of(CONTENT.getBytes(StandardCharsets.UTF_8)).hex();

    private static final String SECRET = "what nobody else has ever seen";
    private static final String SECRET_OID =
            Sha256.of(SECRET.getBytes(StandardCharsets.UTF_8)).hex();
    private static final String HEADER = "{\"key\":\"header\",\"value\":{\"summary\":\"s\"}}\n";

    private String repo = "";

    @BeforeEach
    void repository(TestInfo test) {
        repo = "commits/" + test.getTestMethod().orElseThrow().getName();
        alice().createRepo(RepoType.MODEL, repo, false, false);
    }

    @Test
    void committersAtOnceLoseNothing() throws Exception {
        int committers = 16;
        int commits = 4;
        List<Future<CommitResult>> made = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(committers)) {
            for (int i = 0; i < committers * commits; i++) {
                String path = "folder" + i % 3 + "/file" + i + ".txt";
                made.add(threads.submit(() ->
                        alice().commit(repo, RepoType.MODEL, "main", "Add " + path, List.of(Upload.text(path, path)))));
            }
            for (Future<CommitResult> one : made) {
                one.get();
            }
        }
        List<TreeEntry> files = alice().tree(RepoType.MODEL, repo, "main").stream()
                .filter(entry -> entry.path().endsWith(".txt"))
                .toList();
        assertThat(files).hasSize(committers * commits);
        List<HistoryEntry> history = alice().commits(RepoType.MODEL, repo, "main", 1000);
        assertThat(history).extracting(HistoryEntry::id).doesNotHaveDuplicates().hasSize(committers * commits + 1);
    }

    @Test
    void ofManyOnTopOfTheSameHeadOneWins() throws Exception {
        String head = alice().info(repo, "main").sha();
        int committers = 8;
        List<Future<CommitResult>> made = new ArrayList<>();
        int refused = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(committers)) {
            for (int i = 0; i < committers; i++) {
                CommitRequest request = new CommitRequest(
                                RepoType.MODEL, repo, "main", "Set", List.of(Upload.text("f", "value " + i)))
                        .onTopOf(head);
                made.add(threads.submit(() -> alice().commit(request)));
            }
            for (Future<CommitResult> one : made) {
                try {
                    one.get();
                } catch (java.util.concurrent.ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOfSatisfying(HubException.class, refusal -> {
                        assertThat(refusal.status()).isEqualTo(412);
                        assertThat(refusal.detail())
                                .isEqualTo("A commit has happened since. Please refresh and try again.");
                    });
                    refused++;
                }
            }
        }
        assertThat(refused).isEqualTo(committers - 1);
        assertThat(alice().commits(RepoType.MODEL, repo, "main", 10)).hasSize(2);
    }

    @Test
    void aRequestThatIsRepeatedMakesNoSecondCommit() {
        String parent = alice().info(repo, "main").sha();
        String body = "{\"key\":\"header\",\"value\":{\"summary\":\"s\",\"parentCommit\":\"" + parent
                + "\"}}\n{\"key\":\"file\",\"value\":{\"path\":\"a\",\"content\":\"text\"}}\n";
        HttpResponse<String> first = commit(body);
        HttpResponse<String> second = commit(body);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(json(second).path("commitOid")).isEqualTo(json(first).path("commitOid"));
        assertThat(json(first).path("commitUrl").asString())
                .isEqualTo(url(
                        "/" + repo + "/commit/" + json(first).path("commitOid").asString()));
    }

    @Test
    void allOrNothing() throws Exception {
        String head = alice().info(repo, "main").sha();
        long contents = contents();
        assertThat(commit("""
            {"key":"header","value":{"summary":"s"}}
            {"key":"file","value":{"path":"a","content":"a content that nobody else has"}}
            {"key":"deletedFile","value":{"path":"none"}}
            """).statusCode()).isEqualTo(404);
        assertThat(alice().info(repo, "main").sha()).isEqualTo(head);
        HttpResponse<String> broken = commit("""
            {"key":"header","value":{"summary":"s"}}
            {"key":"file","value":{"path":"b","content":"another content that nobody else has"}}
            {"key":"file","value":{"path":"../c","content":""}}
            """);
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.body()).contains("The path '../c' is refused: it has the segment '..'");
        assertThat(alice().info(repo, "main").sha()).isEqualTo(head);
        assertThat(staged()).isEmpty();
        assertThat(contents() - contents).isLessThanOrEqualTo(1);
    }

    @Test
    void aLineThatBreaksIsNamed() {
        String good = "{\"key\":\"file\",\"value\":{\"path\":\"f\",\"content\":\"\"}}\n";
        HttpResponse<String> answer = commit(
                "{\"key\":\"header\",\"value\":{\"summary\":\"s\"}}\n" + good.repeat(5) + "{\"key\":\"file\",\n");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("Line 7 of the commit is refused");
        assertThat(commit("{\"key\":\"header\",\"value\":{}}\n{\"key\":\"file\",\"value\":{\"path\":\"f\",\"content\":"
                                + "\"%%\",\"encoding\":\"base64\"}}")
                        .body())
                .contains("Line 2 of the commit is refused: the content of f is not base64");
        assertThat(commit(good).body()).contains("lacks its first line");
    }

    @Test
    void aContentThatNobodyShowedTheCallerCannotBeCommitted() {
        HubClient stranger = client("mallory", "elsewhere");
        stranger.createRepo(RepoType.MODEL, "elsewhere/hidden", true, false);
        stranger.commit("elsewhere/hidden", RepoType.MODEL, "main", "m", List.of(Upload.text("w.bin", SECRET)));
        for (String line : List.of(
                lfsFile("w.bin", SECRET_OID, ",\"size\":30"),
                "{\"key\":\"file\",\"value\":{\"path\":\"w.bin\",\"content\":\"version"
                        + " https://git-lfs.github.com/spec/v1\\n"
                        + "oid sha256:" + SECRET_OID + "\\nsize 30\\n\"}}")) {
            HttpResponse<String> answer = commit(HEADER + line);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body())
                    .contains("Line 2 of the commit is refused: the object " + SECRET_OID + " was not uploaded to "
                            + repo);
        }
    }

    @Test
    void aContentIsCopiedFromWhereTheCallerMayReadIt() {
        upload("commits/owner", CONTENT);
        String copy = lfsFile("copy.bin", OID, "");
        HttpResponse<String> within = call("POST", "/api/models/commits/owner/commit/main", HEADER + copy);
        assertThat(within.statusCode()).isEqualTo(200);
        assertThat(get("/commits/owner/resolve/main/copy.bin").body()).isEqualTo(CONTENT);
        assertThat(commit(HEADER + copy).statusCode()).isEqualTo(200);
        assertThat(get("/" + repo + "/resolve/main/copy.bin").body()).isEqualTo(CONTENT);
        assertThat(commit(HEADER + lfsFile("w.bin", OID, ",\"size\":28")).body())
                .contains("the object " + OID + " has 27 bytes, not 28");
    }

    @Test
    void operationsAreDoneInOrder() {
        HttpResponse<String> made = commit(HEADER + """
            {"key":"file","value":{"path":"a/b","content":"1","encoding":"utf-8"}}

            {"key":"file","value":{"path":"a/c","content":"Mg==","encoding":"base64"}}
            {"key":"file","value":{"path":"d/e/f","content":"3"}}
            \t
            {"key":"deletedFolder","value":{"path":"a/"}}
            {"key":"deletedFolder","value":{"path":"d/e"}}
            {"key":"file","value":{"path":"a","content":"a file now"}}\
            """);
        assertThat(made.statusCode()).isEqualTo(200);
        assertThat(alice().tree(RepoType.MODEL, repo, "main"))
                .extracting(TreeEntry::path)
                .containsExactly(".gitattributes", "a");
        assertThat(commit(HEADER + "{\"key\":\"deletedFile\",\"value\":{\"path\":\"b\"}}")
                        .body())
                .contains("A file with this name doesn't exist: b");
        assertThat(commit(HEADER + "{\"key\":\"file\",\"value\":{\"path\":\"x\",\"encoding\":\"hex\"}}")
                        .body())
                .contains("Line 2 of the commit is refused: the encoding of x must be base64 or utf-8, but is hex");
    }

    @Test
    void aClientThatGoesAwayLeavesNothing() throws Exception {
        String head = alice().info(repo, "main").sha();
        long contents = contents();
        String line =
                "{\"key\":\"file\",\"value\":{\"path\":\"cut\",\"content\":\"" + "cut off ".repeat(20_000) + "\"}}\n";
        try (Socket socket = new Socket("127.0.0.1", port)) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/models/" + repo + "/commit/main HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            + Tokens.of("alice", "lab", Scope.MODELS_READ, Scope.MODELS_WRITE)
                            + "\r\nContent-Length: 10000000\r\n\r\n" + HEADER + line)
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            await(() -> !staged().isEmpty());
        }
        await(() -> staged().isEmpty());
        assertThat(contents()).isEqualTo(contents);
        assertThat(alice().info(repo, "main").sha()).isEqualTo(head);
    }

    @Test
    void bytesThatAreNotTheAnnouncedOnesAreRefusedAndLeaveNothing() throws Exception {
        String href = uploadAddress(repo, OID, CONTENT.length());
        HttpResponse<String> wrong = callAs("", "PUT", href, "the contents of a large file");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("longer than the announced 27 bytes; nothing was stored");
        HttpResponse<String> sameLength = callAs("", "PUT", href, "The content of a large file");
        assertThat(sameLength.body()).contains("instead of the announced " + OID);
        HttpResponse<String> verify =
                call("POST", "/" + repo + ".git/info/lfs/objects/verify", "{\"oid\":\"" + OID + "\",\"size\":27}");
        assertThat(verify.statusCode()).isEqualTo(404);
        assertThat(staged()).isEmpty();
        assertThat(callAs("", "PUT", href.replace(OID, "0".repeat(64)), CONTENT).statusCode())
                .isEqualTo(403);
        assertThat(callAs("", "PUT", "/lfs/objects/" + OID, CONTENT).statusCode())
                .isEqualTo(403);
        assertThat(callAs("", "PUT", href, CONTENT).statusCode()).isEqualTo(200);
    }

    @Test
    void aDiskThatFillsUpIsToldByItsFileAndLeavesNothing() throws Exception {
        String head = alice().info(repo, "main").sha();
        Path large = Files.write(Files.createTempFile("large", ".bin"), new byte[2_000_000]);
        disk.room(500_000);
        assertThatThrownBy(() ->
                        alice().commit(repo, RepoType.MODEL, "main", "m", List.of(Upload.file("w/large.bin", large))))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.status()).isEqualTo(507))
                .hasMessageContaining("Could not upload w/large.bin")
                .hasMessageContaining("it needs 2000000 bytes, of which")
                .hasMessageContaining("are missing on the registry's disk");
        disk.room(10);
        assertThatThrownBy(() -> alice().commit(
                                repo,
                                RepoType.MODEL,
                                "main",
                                "m",
                                List.of(Upload.text("notes.txt", "x".repeat(50_000)))))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.status()).isEqualTo(507))
                .hasMessageContaining("No space left to store notes.txt: it needs 50000 bytes");
        disk.free(1000);
        assertThatThrownBy(() ->
                        alice().commit(repo, RepoType.MODEL, "main", "m", List.of(Upload.file("w/large.bin", large))))
                .hasMessageContaining("w/large.bin was refused: No space left");
        assertThat(alice().info(repo, "main").sha()).isEqualTo(head);
        assertThat(staged()).isEmpty();

        emptyDisk();
        alice().commit(repo, RepoType.MODEL, "main", "m", List.of(Upload.file("w/large.bin", large)));
        assertThat(alice().tree(RepoType.MODEL, repo, "main"))
                .extracting(TreeEntry::path)
                .contains("w/large.bin");
        Files.delete(large);
    }

    @Test
    void filesAndFoldersCanBeDeleted() {
        alice().commit(
                        repo,
                        RepoType.MODEL,
                        "main",
                        "Add",
                        List.of(Upload.text("a/b", "1"), Upload.text("a/c", "2"), Upload.text("d", "3")));
        alice().commit(new CommitRequest(RepoType.MODEL, repo, "main", "Delete", List.of())
                .deleting(List.of("a/", "d")));
        assertThat(alice().tree(RepoType.MODEL, repo, "main"))
                .extracting(TreeEntry::path)
                .containsExactly(".gitattributes");
    }

    private static String lfsFile(String path, String oid, String size) {
        return "{\"key\":\"lfsFile\",\"value\":{\"path\":\"" + path + "\",\"algo\":\"sha256\",\"oid\":\"" + oid + "\""
                + size + "}}\n";
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < 200 && !condition.call(); i++) {
            Thread.sleep(50);
        }
        assertThat(condition.call()).isTrue();
    }

    private void upload(String target, String content) {
        alice().commit(new CommitRequest(RepoType.MODEL, target, "main", "m", List.of(Upload.text("w.bin", content)))
                .creatingRepository());
    }

    private String uploadAddress(String target, String oid, long size) {
        HttpResponse<String> batch = call(
                "POST",
                "/" + target + ".git/info/lfs/objects/batch",
                "{\"operation\":\"upload\",\"objects\":[{\"oid\":\"" + oid + "\",\"size\":" + size + "}]}");
        return json(batch).at("/objects/0/actions/upload/href").asString().substring(url("").length());
    }

    private HttpResponse<String> commit(String body) {
        return call("POST", "/api/models/" + repo + "/commit/main", body, "Content-Type", "application/x-ndjson");
    }

    private long contents() {
        return jdbc.sql("select count(*) from content").query(Long.class).single();
    }

    private static List<Path> staged() throws IOException {
        return files(BLOBS.resolve("incoming")).stream()
                .filter(file -> !file.endsWith(".lock"))
                .toList();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
