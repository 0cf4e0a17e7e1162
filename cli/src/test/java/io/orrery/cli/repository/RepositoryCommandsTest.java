package io.orrery.cli.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import io.orrery.cli.platform.StubPlatform;
import io.orrery.cli.platform.StubPlatform.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class RepositoryCommandsTest {
    private static final String COMMIT = "c".repeat(40);
    /** git hash-object of "hello\n". */
    private static final String HELLO = "ce013625030ba8dba906f756967f9e9ca394464a";

    private static final String INFO =
            "{\"_id\":\"1\",\"id\":\"lab/m\",\"sha\":\"" + COMMIT + "\",\"private\":true,\"tags\":[\"llama\"],"
                    + "\"safetensors\":{\"parameters\":{\"F32\":1500000},\"total\":1500000},\"inspection\":{\"findings\":[{\"path\":\"x.gguf\",\"message\":\"is"
                    + " cut off\"}],\"lineage\":[]}}";

    @TempDir
    Path home;

    StubPlatform platform;

    @BeforeEach
    void start() throws IOException {
        platform = new StubPlatform();
        platform.on("GET /api/models", "[" + INFO + "]");
        platform.on("GET /api/models/lab/m/revision/main", INFO);
        platform.on(
                "GET /api/models/lab/m/tree/" + COMMIT,
                "[{\"type\":\"file\",\"path\":\"a/hello.txt\",\"oid\":\"" + HELLO + "\",\"size\":6}]");
        platform.on("GET /lab/m/resolve/" + COMMIT + "/a/hello.txt", "hello\n");
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    private CommandRun run(String... command) {
        String[] arguments = Stream.concat(
                        Stream.of(command), Stream.of("--url", platform.url(), "--token", StubPlatform.KEY))
                .toArray(String[]::new);
        return CommandRun.of(home, arguments);
    }

    @Test
    void pullPrintsTheSnapshotsFolderAndShowsProgressBeside() throws IOException {
        CommandRun run = run("pull", "lab/m");
        assertThat(run.exit()).isZero();
        Path folder = Path.of(run.out().strip());
        assertThat(folder).startsWith(home.resolve(".cache/orrery/hub"));
        assertThat(Files.readString(folder.resolve("a/hello.txt"))).isEqualTo("hello\n");
        assertThat(run.err()).contains("100%").contains("6 B of 6 B");
    }

    @Test
    void pullIntoAFolderAsksForNothingThatIsThere() throws IOException {
        Path to = home.resolve("mine");
        CommandRun run = run("pull", "lab/m", to.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(to + System.lineSeparator());
        assertThat(to.resolve("a/hello.txt")).hasContent("hello\n");
        platform.requests.clear();
        CommandRun again = run("pull", "lab/m", to.toString());
        assertThat(again.err()).contains("0 files came (0 B), 1 were here");
        assertThat(platform.requests)
                .extracting(StubPlatform.Request::path)
                .noneMatch(path -> path.contains("/resolve/"));
    }

    @Test
    void pullTellsEachEventAsAnObject() {
        Path to = home.resolve("mine");
        CommandRun run = run("pull", "lab/m", to.toString(), "--json");
        assertThat(run.out()
                        .lines()
                        .map(JsonMapper.shared()::readTree)
                        .map(line -> line.path("event").asString()))
                .startsWith("planned")
                .contains("file", "progress")
                .endsWith("done");
        assertThat(run.out())
                .contains("\"hash\":\"" + HELLO + "\"")
                .contains("\"commit\":\"" + COMMIT + "\"")
                .contains("\"path\":\"" + to + "\"");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void someFilesNeedAFolder() {
        assertThat(run("pull", "lab/m", "--include", "*.json").err())
                .contains("the cache holds whole revisions")
                .contains("orrery pull lab/m DIR");
        assertThat(run("pull", "lab/m", home.resolve("some").toString(), "--exclude", "a/")
                        .exit())
                .isZero();
        assertThat(home.resolve("some/a")).doesNotExist();
    }

    @Test
    void anybodyMayPullWhatIsOpen() {
        platform.isOpen = true;
        CommandRun run = CommandRun.of(home, "pull", "lab/m", "--url", platform.url());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(platform.requests)
                .extracting(StubPlatform.Request::authorization)
                .containsOnly("none");
    }

    @Test
    void refusalsSayWhatToDo() {
        platform.on(
                "GET /api/models/lab/none/revision/main",
                _ -> Answer.refusal(404, "RepoNotFound", "Repository not found"));
        assertThat(run("pull", "lab/none").err())
                .contains("there is no model lab/none at " + platform.url())
                .contains("a dataset")
                .contains("is named with --type");
        platform.on(
                "GET /api/models/lab/m/revision/v9",
                _ -> Answer.refusal(404, "RevisionNotFound", "Invalid rev id: v9"));
        platform.on(
                "GET /api/models/lab/m/refs",
                "{\"branches\":[{\"name\":\"main\",\"ref\":\"refs/heads/main\",\"targetCommit\":\"" + COMMIT
                        + "\"}],\"tags\":[],\"converts\":[]}");
        assertThat(run("pull", "lab/m@v9").err()).contains("lab/m has no branch, tag or commit 'v9'; it has main");
        platform.on(
                "GET /lab/m/resolve/" + COMMIT + "/a/hello.txt", _ -> Answer.refusal(403, "GatedRepo", "Ask first"));
        assertThat(run("pull", "lab/m").err())
                .contains("the files of lab/m are for those who were let in; ask at " + platform.url() + "/lab/m");
    }

    @Test
    void aHubThatWantsHoursOfRestIsQuoted() {
        platform.on(
                "GET /api/models/lab/m/revision/main",
                _ -> new Answer(429, "{\"error\":\"quota\"}".getBytes(UTF_8), Map.of("Retry-After", "7200")));
        assertThat(run("pull", "lab/m").err())
                .contains("is asked too often: quota; it asks to come back in 2 h 00 min")
                .contains("Run the same command again");
    }

    @Test
    void anUnknownRepositoryIsNamed() {
        CommandRun run = run("pull", "lab/unknown");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("lab/unknown").doesNotContain("Exception");
    }

    @Test
    void whatIsNoRepositoryIsSaidBeforeAnyRequest() {
        CommandRun run = run("pull", "../etc");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("'../etc' is no repository");
        assertThat(platform.requests).isEmpty();
    }

    @Test
    void lsIsATableOrALinePerRepository() {
        assertThat(run("ls").out())
                .contains("REPOSITORY")
                .contains("lab/m")
                .contains("1.5 M")
                .contains("private");
        CommandRun json = run("ls", "m", "--json");
        assertThat(json.out().lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("{")
                .contains("\"id\":\"lab/m\"");
        assertThat(platform.requests.getLast().path()).contains("search=m");
    }

    @Test
    void lsOfARepositoryIsItsFiles() {
        platform.on(
                "GET /api/models/lab/m/tree/main",
                "[{\"type\":\"directory\",\"path\":\"a\",\"oid\":\"" + COMMIT + "\",\"size\":0},"
                        + "{\"type\":\"file\",\"path\":\"a/hello.txt\",\"oid\":\"" + HELLO
                        + "\",\"size\":6,\"lastCommit\":{\"id\":\"" + COMMIT
                        + "\",\"title\":\"Say hello\",\"date\":\"2026-01-02T03:04:05Z\"}}]");
        CommandRun run = run("ls", "lab/m");
        assertThat(run.out().lines()).containsExactly("SIZE  HASH          PATH", "6 B   ce013625030b  a/hello.txt");
        assertThat(run.err()).contains("1 files, 6 B");
        assertThat(run("ls", "lab/m", "-l").out())
                .contains(HELLO)
                .contains("2026-01-02  cccccccccccc Say hello  a/hello.txt");
        assertThat(platform.requests.getLast().path()).contains("expand=true");
        assertThat(run("ls", "lab/m", "--json").out().lines()).hasSize(1);
    }

    @Test
    void lsPassesOnWhatIsAskedAndFollowsPagesUntilTheLimit() {
        platform.on("GET /api/models", request -> {
            boolean isFirst = !request.path().contains("cursor");
            String next = "<" + platform.url() + request.path() + "&cursor=x>; rel=\"next\"";
            return new Answer(
                    200, ("[" + INFO + "," + INFO + "]").getBytes(UTF_8), isFirst ? Map.of("Link", next) : Map.of());
        });
        CommandRun run = run(
                "ls",
                "tiny",
                "--author",
                "lab",
                "--filter",
                "gguf",
                "--filter",
                "license:mit",
                "--sort",
                "likes",
                "--limit",
                "3",
                "--json");
        assertThat(run.out().lines()).hasSize(3);
        assertThat(platform.requests).hasSize(2);
        assertThat(platform.requests.getFirst().path())
                .contains("search=tiny", "author=lab", "filter=gguf&filter=license%3Amit", "sort=likes", "limit=3");
    }

    @Test
    void rmDeletesNothingUnlessToldTo() {
        assertThat(run("rm", "lab/m").exit()).isEqualTo(1);
        assertThat(platform.requests).isEmpty();
        platform.on("DELETE /api/repos/delete", "");
        CommandRun run = run("rm", "lab/m", "--yes");
        assertThat(run.exit()).isZero();
        assertThat(platform.requests.getLast().body())
                .contains("\"name\":\"m\"")
                .contains("\"organization\":\"lab\"");
    }

    @Test
    void pushMakesTheRepositoryAndCommitsTheFolderWithoutToolsOwnFiles() throws IOException {
        Path folder = Files.createDirectories(home.resolve("model"));
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.createDirectories(folder.resolve(".git"));
        Files.writeString(folder.resolve(".git/HEAD"), "ref");
        platform.on("POST /api/repos/create", "{\"url\":\"" + platform.url() + "/lab/new\",\"name\":\"lab/new\"}");
        platform.on(
                "POST /api/models/lab/new/preupload/main",
                "{\"files\":[{\"path\":\"config.json\",\"uploadMode\":\"regular\",\"shouldIgnore\":false}]}");
        platform.on(
                "POST /api/models/lab/new/commit/main",
                "{\"success\":true,\"commitOid\":\"" + COMMIT + "\",\"commitUrl\":\"" + platform.url()
                        + "/lab/new/commit/" + COMMIT + "\",\"hookOutput\":\"\"}");
        CommandRun run = run("push", folder.toString(), "lab/new", "--message", "First", "--private");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("/lab/new/commit/" + COMMIT);
        assertThat(platform.requests.getFirst().body()).contains("\"visibility\":\"private\"");
        assertThat(platform.requests.getLast().body())
                .contains("First")
                .contains("config.json")
                .doesNotContain("HEAD");
    }

    @Test
    void anEmptyFolderIsNotPushed() throws IOException {
        CommandRun run =
                run("push", Files.createDirectories(home.resolve("empty")).toString(), "lab/new");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("there are no files in");
    }
}
