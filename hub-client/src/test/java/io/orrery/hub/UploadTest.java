package io.orrery.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.hub.CommitResult;
import io.orrery.api.hub.RepoType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadTest {
    private static final Retries QUICK = new Retries(3, 3, Duration.ofMillis(10), Duration.ofMillis(50));

    @TempDir
    Path temp;

    private final List<HubEvent> events = new ArrayList<>();
    private FakeReceiver hub;
    private HubClient client;
    private byte[] weights;
    private Upload large;

    @BeforeEach
    void start() throws IOException {
        hub = new FakeReceiver();
        client = new HubClient(hub.endpoint(), () -> "token", HubTimeouts.DEFAULT, QUICK);
        weights = new byte[100_001];
        new Random(1).nextBytes(weights);
        large = Upload.file("w.bin", Files.write(temp.resolve("w.bin"), weights));
    }

    @AfterEach
    void stop() {
        client.close();
        hub.close();
    }

    private CommitResult commit(CommitRequest request) {
        return client.commit(request, 4, events::add);
    }

    private static CommitRequest request(Upload... uploads) {
        return new CommitRequest(RepoType.MODEL, "lab/m", "main", "Add", List.of(uploads));
    }

    private <T extends HubEvent> List<T> told(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Test
    void largeContentsGoBeforeTheCommitThatNamesThem() {
        commit(request(large, Upload.text("a \"quoted\" name.txt", "hello")));
        String oid = FakeHub.sha256(weights);
        assertThat(hub.objects).containsOnlyKeys(oid);
        assertThat(hub.objects.get(oid)).isEqualTo(weights);
        assertThat(hub.commits).hasSize(1);
        assertThat(hub.commits.getFirst().files()).isEqualTo(Map.of("w.bin", oid, "a \"quoted\" name.txt", "hello"));
        assertThat(hub.requests).contains("PUT /put/" + oid, "POST /verify with a token");
        assertThat(told(HubEvent.Arrived.class)).containsExactly(new HubEvent.Arrived("w.bin", 100_001, oid));
    }

    @Test
    void aContentInPartsIsJoinedInTheirOrder() {
        hub.chunk = 9_000;
        hub.refusals.add(503);
        commit(request(large));
        String oid = FakeHub.sha256(weights);
        assertThat(hub.objects.get(oid)).isEqualTo(weights);
        assertThat(hub.puts()).isEqualTo(13);
        assertThat(hub.requests).contains("POST /join/" + oid).doesNotContain("POST /join/" + oid + " with a token");
    }

    @Test
    void addressesThatDoNotCoverTheContentAreRefused() {
        hub.chunk = 9_000;
        hub.lacksPart = true;
        assertThatThrownBy(() -> commit(request(large)))
                .hasMessageContaining("w.bin")
                .hasMessageContaining("11 addresses for parts of 9000 bytes");
        assertThat(hub.commits).isEmpty();
    }

    @Test
    void whatTheHubHasIsNotSent() {
        hub.objects.put(FakeHub.sha256(weights), weights);
        commit(request(large));
        assertThat(hub.puts()).isZero();
        assertThat(hub.commits).hasSize(1);
    }

    @Test
    void whatIsUnchangedOrIgnoredIsNotCommitted() {
        hub.present.put("w.bin", FakeHub.sha256(weights));
        hub.present.put("same.txt", FakeHub.gitOid("same".getBytes(StandardCharsets.UTF_8)));
        commit(request(
                large, Upload.text("same.txt", "same"), Upload.text("x.tmp", "x"), Upload.text("new.txt", "new")));
        assertThat(hub.commits.getFirst().files()).containsOnlyKeys("new.txt");
        assertThat(told(HubEvent.Ignored.class)).containsExactly(new HubEvent.Ignored("x.tmp"));
        assertThat(told(HubEvent.Kept.class)).hasSize(2);
    }

    @Test
    void oneContentUnderTwoNamesIsSentOnce() {
        commit(request(large, Upload.bytes("second.bin", weights)));
        assertThat(hub.puts()).isEqualTo(1);
        assertThat(hub.commits.getFirst().files()).containsOnlyKeys("w.bin", "second.bin");
    }

    @Test
    void anUploadIsTriedAgainWhileItsFailureMayPass() {
        hub.refusals.addAll(List.of(503, 429));
        commit(request(large));
        assertThat(hub.puts()).isEqualTo(3);
        assertThat(told(HubEvent.Retried.class)).hasSize(2);
        assertThat(told(HubEvent.Moved.class).getLast().done()).isEqualTo(100_001);
    }

    @Test
    void anUploadThatKeepsFailingNamesTheFileAndCommitsNothing() {
        hub.refusals.addAll(List.of(503, 503, 503));
        assertThatThrownBy(() -> commit(request(large)))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.status()).isEqualTo(503))
                .hasMessageContaining("Could not upload w.bin");
        assertThat(hub.commits).isEmpty();
        hub.refusals.clear();
        hub.refusals.add(403);
        assertThatThrownBy(() -> commit(request(large))).hasMessageContaining("403");
        assertThat(hub.puts()).isEqualTo(4);
    }

    @Test
    void aCommitIsSentAgainWhenTheHubIsBusy() {
        hub.commitRefusals.addAll(List.of(503, 500));
        commit(request(Upload.text("a.txt", "a")));
        assertThat(hub.commits).hasSize(1);
    }

    @Test
    void rulesThatComeWithTheFilesCountAlready() {
        commit(request(Upload.text(".gitignore", "*.log\n"), Upload.text("a.txt", "a")));
        assertThat(hub.preuploads.getFirst().path("gitIgnore").asString()).isEqualTo("*.log\n");
    }

    @Test
    void manyFilesAreSeveralCommitsOfWhichTheFirstDeletes() {
        List<Upload> many = IntStream.range(0, 1001)
                .mapToObj(i -> Upload.text("f" + i, "x" + i))
                .toList();
        commit(new CommitRequest(RepoType.MODEL, "lab/m", "main", "Add", many)
                .deleting(List.of("old.txt"))
                .asPullRequest());
        assertThat(hub.preuploads).hasSize(4);
        assertThat(hub.commits)
                .extracting(FakeReceiver.Commit::title)
                .containsExactly("Add (part 1 of 2)", "Add (part 2 of 2)");
        assertThat(hub.commits).extracting(commit -> commit.files().size()).containsExactly(1000, 1);
        assertThat(hub.commits).extracting(FakeReceiver.Commit::deleted).containsExactly(List.of("old.txt"), List.of());
        assertThat(hub.commits).extracting(FakeReceiver.Commit::branch).containsExactly("main", "refs/pr/7");
        assertThat(hub.commits).extracting(FakeReceiver.Commit::query).containsExactly("create_pr=1", "null");
    }

    @Test
    void contentsInsideACommitAreAtMostAHundredMegabytes() {
        Upload upload = Upload.text("x", "x");
        List<Measured> files = List.of(
                new Measured(upload, 60_000_000, false, "a"),
                new Measured(upload, 900_000_000_000L, true, "b"),
                new Measured(upload, 50_000_000, false, "c"),
                new Measured(upload, 150_000_000, false, "d"));
        assertThat(CommitUpload.commits(files)).extracting(List::size).containsExactly(2, 1, 1);
        assertThat(CommitUpload.commits(List.of())).extracting(List::size).containsExactly(0);
    }
}
