package io.orrery.cli.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import io.orrery.cli.platform.StubPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryCommandsTest {
    private static final String COMMIT = "c".repeat(40);
    /** git hash-object of "hello\n". */
    private static final String HELLO = "ce013625030ba8dba906f756967f9e9ca394464a";

    private static final String INFO =
            "{\"_id\":\"1\",\"id\":\"lab/m\",\"sha\":\"" + COMMIT + "\",\"private\":true,\"tags\":[\"llama\"],"
                    + "\"safetensors\":{\"parameters\":{\"F32\":1500000},\"total\":1500000},"
                    + "\"inspection\":{\"findings\":[{\"path\":\"x.gguf\",\"message\":\"is cut off\"}],\"lineage\":[]}}";

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
    void pullToAFolderGivesFilesThatMayBeChanged() throws IOException {
        Path to = home.resolve("mine");
        CommandRun run = run("pull", "lab/m", "--to", to.toString(), "--json");
        assertThat(run.out()).contains("\"commit\":\"" + COMMIT + "\"").contains("\"path\":\"" + to + "\"");
        Files.writeString(to.resolve("a/hello.txt"), "changed");
        assertThat(run("pull", "lab/m", "--to", home.resolve("other").toString())
                        .exit())
                .isZero();
        assertThat(Files.readString(home.resolve("other/a/hello.txt"))).isEqualTo("hello\n");
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
