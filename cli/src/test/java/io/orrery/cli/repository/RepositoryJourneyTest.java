package io.orrery.cli.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import io.orrery.standalone.Standalone;
import io.orrery.standalone.StandaloneOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on repositories against a real platform: gateway, registry, PostgreSQL. */
class RepositoryJourneyTest {
    @TempDir
    static Path data;

    @TempDir
    static Path caches;

    private static Standalone platform;

    @TempDir
    Path home;

    private Path folder;

    @BeforeAll
    static void up() {
        platform = Standalone.start(
                new StandaloneOptions(data, "127.0.0.1", 0, "cpu", 1, Optional.empty(), List.of(caches)), _ -> {});
    }

    @AfterAll
    static void down() {
        platform.close();
    }

    @BeforeEach
    void files() throws IOException {
        folder = Files.createDirectories(home.resolve("model"));
        byte[] weights = new byte[3_000_000];
        new Random(9).nextBytes(weights);
        Files.write(folder.resolve("model.safetensors"), weights);
        Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"llama\"}");
        Files.createDirectories(folder.resolve("logs"));
        Files.writeString(folder.resolve("logs/run.log"), "noise");
        Files.writeString(folder.resolve(".gitignore"), "*.log\n");
    }

    private CommandRun run(String... command) {
        String[] arguments = Stream.concat(
                        Stream.of(command),
                        Stream.of("--url", platform.address().toString(), "--token", platform.adminKey()))
                .toArray(String[]::new);
        CommandRun run = CommandRun.of(home, arguments);
        assertThat(run.err()).doesNotContain("this should not have happened");
        return run;
    }

    private CommandRun well(String... command) {
        CommandRun run = run(command);
        assertThat(run.exit()).as(run.err()).isZero();
        return run;
    }

    @Test
    void aFolderComesBackAsItWasPushed() throws IOException {
        String address = well("push", folder.toString(), "lab/journey", "--message", "First")
                .out();
        assertThat(address).contains("/lab/journey/commit/");
        assertThat(well("push", folder.toString(), "lab/journey").out())
                .as("nothing changed, so no commit is made")
                .isEqualTo(address);
        Path copy = home.resolve("copy");
        well("pull", "lab/journey", copy.toString());
        assertThat(copy.resolve("model.safetensors")).hasSameBinaryContentAs(folder.resolve("model.safetensors"));
        assertThat(copy.resolve("config.json")).hasSameTextualContentAs(folder.resolve("config.json"));
        assertThat(copy.resolve("logs")).as("what .gitignore names").doesNotExist();
        assertThat(Path.of(well("pull", "lab/journey").out().strip()).resolve("model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("model.safetensors"));
    }

    @Test
    void aBranchIsMadeForAPushAndFilesAreListedAndDeletedOnIt() {
        well("push", folder.toString(), "lab/branched", "--private");
        well("push", folder.resolve("config.json").toString(), "lab/branched", "--branch", "try", "-m", "Same");
        assertThat(well("ls", "lab/branched@try").out()).contains("model.safetensors", "config.json");
        String listed = well("ls", "lab/branched", "-l").out();
        assertThat(listed).contains("Upload model").doesNotContain("run.log");
        assertThat(run("rm", "lab/branched", "model.safetensors", "none.txt", "--branch", "try")
                        .err())
                .contains("lab/branched has no none.txt on try; nothing was deleted");
        well("rm", "lab/branched", "model.safetensors", "--branch", "try");
        assertThat(well("ls", "lab/branched@try").out()).doesNotContain("model.safetensors");
        assertThat(well("ls", "lab/branched").out()).contains("model.safetensors");
    }

    @Test
    void aFolderIsDeletedByItsName() throws IOException {
        Files.createDirectories(folder.resolve("checkpoints/1"));
        Files.writeString(folder.resolve("checkpoints/1/a.txt"), "a");
        well("push", folder.toString(), "lab/foldered");
        assertThat(well("ls", "lab/foldered", "checkpoints").out()).contains("checkpoints/1/a.txt");
        well("rm", "lab/foldered", "checkpoints");
        assertThat(well("ls", "lab/foldered").out()).doesNotContain("checkpoints");
    }

    @Test
    void whatIsDeletedOrMissingIsToldInASentence() {
        well("push", folder.toString(), "lab/short-lived");
        assertThat(run("pull", "lab/short-lived@v9").err())
                .contains("lab/short-lived has no branch, tag or commit 'v9'; it has main");
        assertThat(well("ls", "short").out()).contains("lab/short-lived");
        well("rm", "lab/short-lived", "--yes");
        CommandRun gone = run("pull", "lab/short-lived");
        assertThat(gone.exit()).isEqualTo(1);
        assertThat(gone.err()).contains("there is no model lab/short-lived at " + platform.address());
        assertThat(run("push", folder.toString(), "lab/proposed", "--create-pr").exit())
                .isEqualTo(1);
    }

    @Test
    void aDatasetIsNamedByItsType() {
        well("push", folder.resolve("config.json").toString(), "lab/rows", "--type", "dataset");
        assertThat(well("ls", "rows", "--type", "dataset").out()).contains("lab/rows");
        assertThat(run("ls", "lab/rows").err()).contains("there is no model lab/rows");
        well("pull", "lab/rows", home.resolve("rows").toString(), "--dataset");
        assertThat(home.resolve("rows/config.json")).exists();
    }

    @Test
    void downloadsOfAnotherHubAreTakenIn() throws IOException {
        String commit = "a".repeat(40);
        Path repo = caches.resolve("hub/models--far--tiny");
        Path blob = Files.createDirectories(repo.resolve("blobs")).resolve("ce013625030ba8dba906f756967f9e9ca394464a");
        Files.writeString(blob, "hello\n");
        Path snapshot = Files.createDirectories(repo.resolve("snapshots").resolve(commit));
        Files.createSymbolicLink(
                snapshot.resolve("hello.txt"), Path.of("../../blobs").resolve(blob.getFileName()));
        Files.createSymbolicLink(snapshot.resolve("gone.txt"), Path.of("../../blobs/gone"));
        Files.writeString(Files.createDirectories(repo.resolve("refs")).resolve("main"), commit);

        CommandRun look = well("import", caches.resolve("hub").toString(), "--dry-run");
        assertThat(look.out()).contains("model far/tiny: 1 revisions, 1 files, 6 B");
        assertThat(look.err()).contains("left out").contains("gone.txt").contains("its content is missing");
        assertThat(run("pull", "far/tiny").exit()).isEqualTo(1);

        assertThat(well("import", caches.toString(), "--repo", "far/*", "--json")
                        .out())
                .contains("\"event\":\"taken\"")
                .contains("\"event\":\"done\"");
        Path pulled = Path.of(well("pull", "far/tiny@" + commit).out().strip());
        assertThat(pulled.resolve("hello.txt")).hasContent("hello\n");
        assertThat(run("import", home.toString()).err()).contains("only folders under [" + caches);
    }
}
