package io.orrery.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.hub.RepoType;
import io.orrery.hub.FakeHub.Fault;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
    private static final HubTimeouts SHORT = new HubTimeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300), 1 << 20, Duration.ofMinutes(1));

    @TempDir
    Path cache;

    private FakeHub hub;
    private HubClient client;
    private byte[] weights;

    @BeforeEach
    void start() throws IOException {
        hub = new FakeHub();
        client = new HubClient(hub.endpoint(), () -> "token", SHORT);
        weights = new byte[200_000];
        new Random(3).nextBytes(weights);
        hub.files.put("w.bin", weights);
        hub.files.put("sub/config.json", "{}".getBytes(StandardCharsets.UTF_8));
        hub.files.put("empty.txt", new byte[0]);
    }

    @AfterEach
    void stop() {
        client.close();
        hub.close();
    }

    @Test
    void theFolderIsNamedAfterTheCommitAndWhole() {
        List<Long> progress = new ArrayList<>();
        Path folder = client.snapshot("lab/m", "main", cache, (path, done, total) -> {
            assertThat(total).isEqualTo(200_002);
            progress.add(done);
        });
        assertThat(folder).isEqualTo(cache.resolve("lab/m/" + FakeHub.COMMIT));
        assertWhole(folder);
        assertThat(progress).isSorted().endsWith(200_002L);
    }

    @Test
    void aCommitThatIsThereCostsNoRequest() {
        client.snapshot("lab/m", "main", cache, Progress.SILENT);
        hub.requests.clear();
        client.snapshot("lab/m", FakeHub.COMMIT, cache, Progress.SILENT);
        assertThat(hub.requests).isEmpty();
    }

    @Test
    void aDownloadThatBreaksOffGoesOnWhereItEnded() {
        hub.plan("w.bin", Fault.BREAK_OFF, Fault.UNAVAILABLE);
        assertWhole(client.snapshot("lab/m", "main", cache, Progress.SILENT));
        assertThat(asked("w.bin")).hasSize(3).last().asString().matches("bytes=[1-9]\\d*-");
    }

    @Test
    void anotherProcessGoesOnToo() {
        hub.plan("w.bin", times(5, Fault.BREAK_OFF));
        assertThatThrownBy(() -> client.snapshot("lab/m", "main", cache, Progress.SILENT))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubException.BROKEN_OFF))
                .hasMessageContaining("Could not download w.bin after 5 tries");
        assertThat(cache.resolve("lab/m/" + FakeHub.COMMIT)).doesNotExist();
        hub.downloads.clear();
        try (HubClient other = new HubClient(hub.endpoint(), () -> "token", SHORT)) {
            assertWhole(other.snapshot("lab/m", "main", cache, Progress.SILENT));
        }
        assertThat(asked("w.bin")).hasSize(1).first().asString().matches("bytes=[1-9]\\d*-");
    }

    @Test
    void aHubThatIgnoresRangesIsAskedForTheWhole() {
        hub.plan("w.bin", Fault.BREAK_OFF, Fault.IGNORE_RANGE);
        assertWhole(client.snapshot("lab/m", "main", cache, Progress.SILENT));
    }

    @Test
    void wrongBytesAreThrownAwayAndAskedForAgain() {
        hub.plan("w.bin", Fault.WRONG_BYTES);
        hub.plan("sub/config.json", Fault.WRONG_BYTES);
        assertWhole(client.snapshot("lab/m", "main", cache, Progress.SILENT));
    }

    @Test
    void bytesThatStayWrongAreNeverTakenForTheFile() throws Exception {
        hub.plan("w.bin", times(5, Fault.WRONG_BYTES));
        assertThatThrownBy(() -> client.snapshot("lab/m", "main", cache, Progress.SILENT))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubException.CORRUPT))
                .hasMessageContaining("w.bin")
                .hasMessageContaining("instead of the promised");
        assertThat(cache.resolve("lab/m/" + FakeHub.COMMIT)).doesNotExist();
        try (var left = Files.list(cache.resolve("lab/m/.blobs"))) {
            assertThat(left).noneMatch(file -> file.toString().contains(".incomplete"));
        }
    }

    @Test
    void aHubThatStallsIsNotWaitedForForever() {
        hub.plan("w.bin", Fault.HANG);
        long start = System.nanoTime();
        assertWhole(client.snapshot("lab/m", "main", cache, Progress.SILENT));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void whoeverIsToldMayEndTheDownload() {
        hub.plan("w.bin", Fault.HANG);
        Thread asking = Thread.currentThread();
        assertThatThrownBy(() -> client.snapshot("lab/m", "main", cache, (path, done, total) -> {
                    assertThat(Thread.currentThread()).isSameAs(asking);
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("download-"));
    }

    @Test
    void manyWhoAskAtOnceDownloadOnce() throws Exception {
        List<Future<Path>> asked = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                asked.add(threads.submit(() -> client.snapshot("lab/m", "main", cache, Progress.SILENT)));
            }
            for (Future<Path> one : asked) {
                assertWhole(one.get());
            }
        }
        assertThat(hub.downloads)
                .as("what is empty need not be asked for")
                .extracting(FakeHub.Download::file)
                .containsExactlyInAnyOrder("w.bin", "sub/config.json");
    }

    @Test
    void aPathThatLeavesTheFolderIsRefused() {
        hub.extraTree = ",{\"type\":\"file\",\"path\":\"../../evil\",\"oid\":\"" + "0".repeat(40) + "\",\"size\":1}";
        assertThatThrownBy(() -> client.snapshot("lab/m", "main", cache, Progress.SILENT))
                .hasMessageContaining("'../../evil', which lies outside its repository");
        assertThat(cache.resolve("lab/m/" + FakeHub.COMMIT)).doesNotExist();
    }

    @Test
    void aHubThatIsNotThereIsNamed() {
        hub.close();
        assertThatThrownBy(() -> client.info("lab/m", "main"))
                .isInstanceOfSatisfying(HubException.class, e -> {
                    assertThat(e.status()).isZero();
                    assertThat(e.code()).isEqualTo(HubException.UNREACHABLE);
                })
                .hasMessageContaining("The hub at " + hub.endpoint())
                .hasMessageContaining("did not answer GET /api/models/lab/m/revision/main");
    }

    @Test
    void whatTheHubSaysIsKept() {
        assertThatThrownBy(() -> client.refs(RepoType.MODEL, "lab/none"))
                .isInstanceOfSatisfying(HubException.class, e -> {
                    assertThat(e.status()).isEqualTo(404);
                    assertThat(e.code()).isEqualTo("RepoNotFound");
                    assertThat(e.detail()).isEqualTo("Repository not found");
                });
    }

    @Test
    void anAddressThatIsNoHubIsTold() throws IOException {
        try (var other = new HubClient(URI.create(hub.endpoint() + "/tree/"), () -> "token", SHORT)) {
            assertThatThrownBy(() -> other.whoAmI()).hasMessageContaining("Is this address a hub?");
        }
    }

    private void assertWhole(Path folder) {
        assertThat(folder.resolve("w.bin")).hasBinaryContent(weights);
        assertThat(folder.resolve("sub/config.json")).hasContent("{}");
        assertThat(folder.resolve("empty.txt")).isEmptyFile();
    }

    private List<String> asked(String file) {
        return hub.downloads.stream()
                .filter(download -> download.file().equals(file))
                .map(FakeHub.Download::range)
                .toList();
    }

    private static Fault[] times(int times, Fault fault) {
        Fault[] all = new Fault[times];
        Arrays.fill(all, fault);
        return all;
    }
}
