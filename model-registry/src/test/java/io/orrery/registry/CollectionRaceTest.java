package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.Change;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.CommitDraft;
import io.orrery.registry.repository.Commits;
import io.orrery.registry.repository.FilePath;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Commits that meet a collection at the worst moments. Each counts on a content that was uploaded and that nothing refers to yet. */
class CollectionRaceTest extends RunningRegistry {
    private static final String ADMIN = Tokens.of("root", "lab", Scope.ADMIN);

    @Autowired
    Interleaving interleaving;

    @Autowired
    Commits commits;

    @Autowired
    Repos repos;

    @Autowired
    TransactionTemplate transactions;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch written = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private String repo = "";
    private String content = "";
    private Sha256 sha256 = Sha256.of(new byte[0]);

    @BeforeEach
    void upload(TestInfo test) {
        repo = "races/" + test.getTestMethod().orElseThrow().getName();
        alice().createRepo(RepoType.MODEL, repo, false, false);
        content = repo + " " + "x".repeat(20_000);
        sha256 = Sha256.of(content.getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> batch = call(
                "POST",
                "/" + repo + ".git/info/lfs/objects/batch",
                "{\"operation\":\"upload\",\"objects\":[{\"oid\":\"" + sha256.hex() + "\",\"size\":" + content.length()
                        + "}]}");
        String href = json(batch).at("/objects/0/actions/upload/href").asString();
        assertThat(callAs("", "PUT", href.substring(url("").length()), content).statusCode())
                .isEqualTo(200);
    }

    @AfterEach
    void end() {
        mayEnd.countDown();
        threads.close();
        interleaving.at(sha256);
    }

    @Test
    void aTransactionThatIsOpenWhenACollectionStartsIsWaitedFor() throws Exception {
        CompletableFuture<Commit> commit = CompletableFuture.supplyAsync(this::openCommit, threads);
        written.await();
        CompletableFuture<JsonNode> collection = CompletableFuture.supplyAsync(this::collect, threads);
        Thread.sleep(700);
        assertThat(collection).isNotDone();
        mayEnd.countDown();
        commit.get(10, TimeUnit.SECONDS);
        collection.get(10, TimeUnit.SECONDS);
        assertWhole();
    }

    @Test
    void aContentThatSomebodyCommitsJustNowIsPassedOver() throws Exception {
        interleaving.at(sha256, () -> {
            CompletableFuture.runAsync(this::openCommit, threads);
            await(written);
        });
        collect();
        mayEnd.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertWhole();
    }

    @Test
    void aContentThatWasCommittedSinceItWasLookedAtStays() {
        interleaving.at(sha256, this::commit);
        collect();
        assertWhole();
    }

    @Test
    void whoeverComesWhileAContentGoesIsToldToUploadItAgain() {
        CompletableFuture<Commit> late = new CompletableFuture<>();
        interleaving.at(
                sha256,
                () -> {},
                () -> CompletableFuture.supplyAsync(this::commit, threads)
                        .whenComplete((made, refusal) -> end(late, made, refusal)));
        collect();
        assertThatThrownBy(() -> late.get(10, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(HubProblem.class)
                .hasMessageContaining(
                        "was uploaded too long before this commit and is no longer there; upload it again");
        assertThat(get("/" + repo + "/resolve/main/w.bin").statusCode()).isEqualTo(404);
    }

    private static void end(CompletableFuture<Commit> future, Commit made, Throwable refusal) {
        if (refusal == null) {
            future.complete(made);
        } else {
            future.completeExceptionally(refusal);
        }
    }

    private Commit openCommit() {
        return transactions.execute(status -> {
            Commit made = commit();
            written.countDown();
            await(mayEnd);
            return made;
        });
    }

    private Commit commit() {
        Caller caller = new Caller("alice", Optional.of("lab"), Set.of(Scope.MODELS_WRITE), false);
        Repo into = repos.get(RepoType.MODEL, repo, caller);
        Change put = new Change.Put(FilePath.parse("w.bin"), GitBlob.lfs(sha256, content.length()));
        return commits.write(into, new CommitDraft("main", Optional.empty(), "m", "", "alice", List.of(put)));
    }

    private JsonNode collect() {
        HttpResponse<String> answer = callAs(ADMIN, "POST", "/api/admin/collect?grace=0s", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private void assertWhole() {
        HttpResponse<String> file = get("/" + repo + "/resolve/main/w.bin");
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.body()).isEqualTo(content);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
