package io.orrery.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.hub.RepoType;
import io.orrery.hub.FakeHub.Download;
import io.orrery.hub.FakeHub.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadTest {
    private static final int SIZE = 200_000;
    private static final DownloadRequest ALL = new DownloadRequest(RepoType.MODEL, "lab/m", "main");
    private static final HubTimeouts SHORT = new HubTimeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(2), 1 << 20, Duration.ofMinutes(1));
    private static final Retries QUICK = new Retries(3, 2, Duration.ofMillis(10), Duration.ofMillis(150));

    @TempDir
    Path temp;

    private final List<HubEvent> events = new ArrayList<>();
    private Path folder;
    private FakeHub hub;
    private HubClient client;
    private byte[] weights;

    @BeforeEach
    void start() throws IOException {
        folder = temp.resolve("mine");
        hub = new FakeHub();
        client = new HubClient(hub.endpoint(), () -> "token", SHORT, QUICK);
        weights = random(3);
        hub.files.put("w.bin", weights);
        hub.files.put("sub/config.json", "{}".getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        client.close();
        hub.close();
    }

    private static byte[] random(int seed) {
        byte[] bytes = new byte[SIZE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private String download(DownloadRequest request) {
        return client.download(request, folder, events::add);
    }

    private <T extends HubEvent> List<T> told(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private void assertWhole() {
        assertThat(folder.resolve("w.bin")).hasBinaryContent(weights);
        assertThat(folder.resolve("sub/config.json")).hasContent("{}");
    }

    private List<String> ranges() {
        return hub.downloads.stream()
                .filter(download -> download.file().equals("w.bin"))
                .map(Download::range)
                .sorted()
                .toList();
    }

    @Test
    void aLargeFileComesInParts() {
        assertThat(download(ALL.inPartsOf(60_000))).isEqualTo(FakeHub.COMMIT);
        assertWhole();
        assertThat(ranges())
                .containsExactly("bytes=0-59999", "bytes=120000-179999", "bytes=180000-", "bytes=60000-119999");
        assertThat(told(HubEvent.Planned.class)).containsExactly(new HubEvent.Planned(2, SIZE + 2));
        assertThat(told(HubEvent.Arrived.class)).contains(new HubEvent.Arrived("w.bin", SIZE, FakeHub.sha256(weights)));
        assertThat(told(HubEvent.Moved.class).getLast().done()).isEqualTo(SIZE + 2);
    }

    @Test
    void anotherProcessAsksForThePartsThatAreMissing() {
        hub.plan("w.bin@120000", Fault.BREAK_OFF);
        hub.plan("w.bin@150000", Fault.UNAVAILABLE, Fault.UNAVAILABLE);
        assertThatThrownBy(() -> download(ALL.over(1).inPartsOf(60_000)))
                .hasMessageContaining("Could not download w.bin")
                .hasMessageContaining("150000 of its 200000 bytes are kept");
        assertThat(folder.resolve("w.bin")).doesNotExist();
        hub.downloads.clear();
        try (HubClient other = new HubClient(hub.endpoint(), () -> "token", SHORT, QUICK)) {
            other.download(ALL.over(1).inPartsOf(60_000), folder, events::add);
        }
        assertWhole();
        assertThat(ranges()).containsExactly("bytes=150000-");
    }

    @Test
    void aRevisionThatChangedAFileStartsThatFileAnew() throws IOException {
        hub.plan("w.bin@60000", Fault.UNAVAILABLE, Fault.UNAVAILABLE, Fault.UNAVAILABLE);
        assertThatThrownBy(() -> download(ALL.over(1).inPartsOf(60_000))).isInstanceOf(HubException.class);
        weights = random(4);
        hub.files.put("w.bin", weights);
        hub.downloads.clear();
        download(ALL.over(1));
        assertWhole();
        assertThat(ranges()).containsExactly("null");
        try (var left = Files.list(folder.resolve(".cache/orrery"))) {
            assertThat(left).map(path -> path.getFileName().toString()).containsExactly(".lock");
        }
    }

    @Test
    void whatIsHereIsNotAskedForAndWhatDiffersIsReplaced() throws IOException {
        download(ALL);
        Files.writeString(folder.resolve("sub/config.json"), "[]");
        Files.writeString(folder.resolve("mine.txt"), "mine");
        hub.downloads.clear();
        events.clear();
        download(ALL);
        assertWhole();
        assertThat(hub.downloads).extracting(Download::file).containsExactly("sub/config.json");
        assertThat(told(HubEvent.Kept.class)).containsExactly(new HubEvent.Kept("w.bin", SIZE));
        assertThat(folder.resolve("mine.txt")).hasContent("mine");
    }

    @Test
    void filesOfOneContentComeOnceAndAreFilesOfTheirOwn() throws IOException {
        hub.files.put("copy.bin", weights);
        download(ALL);
        assertThat(hub.downloads).hasSize(2);
        Files.writeString(folder.resolve("copy.bin"), "changed");
        assertWhole();
    }

    @Test
    void onlyWhatIsWantedComes() {
        download(ALL.wanting(path -> path.endsWith(".json")));
        assertThat(folder.resolve("sub/config.json")).exists();
        assertThat(folder.resolve("w.bin")).doesNotExist();
    }

    @Test
    void aHubThatSendsNoPartsIsAskedForTheWhole() {
        hub.plan("w.bin", Fault.IGNORE_RANGE, Fault.IGNORE_RANGE, Fault.IGNORE_RANGE, Fault.IGNORE_RANGE);
        download(ALL.inPartsOf(60_000));
        assertWhole();
    }

    @Test
    void aPauseThatTheHubAsksForIsKept() {
        hub.plan("w.bin", Fault.TOO_MANY_REQUESTS);
        long start = System.nanoTime();
        download(ALL);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(990));
        assertWhole();
        assertThat(told(HubEvent.Retried.class))
                .containsExactly(new HubEvent.Retried("w.bin", 1, Duration.ofSeconds(1), "slow down"));
    }

    @Test
    void aPauseOfHoursIsToldInstead() {
        hub.retryAfter = "7200";
        hub.plan("w.bin", Fault.TOO_MANY_REQUESTS);
        assertThatThrownBy(() -> download(ALL))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.retryAfter()).contains(Duration.ofHours(2)))
                .hasMessageContaining("the hub asks to come back in 7200 s");
    }

    @Test
    void aHubThatIsBusyInTheMiddleIsAskedAgain() {
        hub.plan("w.bin", Fault.UNAVAILABLE, Fault.BREAK_OFF);
        download(ALL);
        assertWhole();
        assertThat(told(HubEvent.Retried.class)).hasSize(2);
    }

    @Test
    void wrongBytesInOnePartAreNeverTakenForTheFile() {
        hub.plan("w.bin@60000", Fault.WRONG_BYTES, Fault.WRONG_BYTES, Fault.WRONG_BYTES);
        assertThatThrownBy(() -> download(ALL.inPartsOf(60_000)))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubException.CORRUPT))
                .hasMessageContaining("instead of the promised " + FakeHub.sha256(weights));
        assertThat(folder.resolve("w.bin")).doesNotExist();
        assertThat(folder.resolve(".cache/orrery/" + FakeHub.sha256(weights) + ".incomplete"))
                .doesNotExist();
    }

    @Test
    void aFileThatIsLongerThanPromisedIsRefused() {
        hub.plan("w.bin", Fault.TOO_LONG);
        assertThatThrownBy(() -> download(ALL)).hasMessageContaining("longer than the promised 200000 bytes");
    }

    @Test
    void theTokenStaysWithTheHubThatRedirects() throws IOException {
        try (FakeHub other = new FakeHub()) {
            other.files.putAll(hub.files);
            hub.elsewhere = other.endpoint();
            hub.plan("w.bin", Fault.REDIRECT);
            download(ALL);
            assertWhole();
            assertThat(hub.downloads).extracting(Download::authorization).containsOnly("Bearer token");
            assertThat(other.downloads).extracting(Download::authorization).containsExactly("null");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "/tmp/evil",
                "a/../../evil",
                "a//evil",
                "./evil",
                "..",
                "",
                ".git/hooks/post-checkout",
                "sub/.GIT/config"
            })
    void aNameThatLeadsElsewhereIsRefusedBeforeAnythingIsWritten(String name) {
        hub.extraTree = ",{\"type\":\"file\",\"path\":\"" + name + "\",\"oid\":\"" + "0".repeat(40) + "\",\"size\":1}";
        assertThatThrownBy(() -> download(ALL)).hasMessageContaining("The hub lists a file '" + name + "'");
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void aHashThatIsNoHashNamesNoFile() {
        hub.extraTree = ",{\"type\":\"file\",\"path\":\"x\",\"oid\":\"../../evil\",\"size\":1}";
        assertThatThrownBy(() -> download(ALL)).hasMessageContaining("'x' with the hash '../../evil'");
    }

    @Test
    void aLinkInTheFolderIsNotFollowed() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.createDirectories(folder);
        Files.createSymbolicLink(folder.resolve("sub"), outside);
        assertThatThrownBy(() -> download(ALL)).hasMessageContaining("is a link");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aDiskWithoutRoomIsToldBeforeAnyByteComes() {
        hub.extraTree =
                ",{\"type\":\"file\",\"path\":\"huge\",\"oid\":\"" + "0".repeat(40) + "\",\"size\":900000000000000000}";
        assertThatThrownBy(() -> download(ALL))
                .hasMessageContaining("The files need 900000000000200002 bytes")
                .hasMessageContaining("free. Make room");
        assertThat(hub.downloads).isEmpty();
    }
}
