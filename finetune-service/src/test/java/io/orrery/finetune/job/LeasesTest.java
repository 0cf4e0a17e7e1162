package io.orrery.finetune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeasesTest extends JobSlice {
    private static final LeasedWrites.Result RESULT = new LeasedWrites.Result("lab/base:lab/x", COMMIT, 5);

    @Test
    void theOldestQueuedJobIsTakenAndNoOther() {
        job("VALIDATING");
        String first = job("QUEUED");
        String second = job("QUEUED");

        Job job = claimed("a");

        assertThat(job.id()).isEqualTo(first);
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        assertThat(job.run().worker()).contains("a");
        assertThat(job.run().epoch()).isEqualTo(1);
        assertThat(claimed("b").id()).isEqualTo(second);
        assertThat(leases.claim("c", MINUTE)).isEmpty();
    }

    @Test
    void manyWorkersNeverTakeTheSameJob() throws Exception {
        List<String> jobs = IntStream.range(0, 40).mapToObj(i -> job("QUEUED")).toList();
        List<String> taken = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(8)) {
            Callable<List<String>> worker = () -> {
                List<String> mine = new ArrayList<>();
                for (Optional<Job> job = leases.claim("w", MINUTE); job.isPresent(); job = leases.claim("w", MINUTE)) {
                    mine.add(job.get().id());
                }
                return mine;
            };
            for (Future<List<String>> mine : workers.invokeAll(java.util.Collections.nCopies(8, worker))) {
                taken.addAll(mine.get());
            }
        }
        assertThat(taken).containsExactlyInAnyOrderElementsOf(jobs);
    }

    @Test
    void nothingThatAnOldHolderWritesChangesTheRow() {
        String id = job("QUEUED");
        Lease old = claimed("a").lease();
        expire(id);
        leases.reap(3);
        Lease present = claimed("b").lease();
        assertThat(present.epoch()).isGreaterThan(old.epoch());
        Job before = row(id);
        List<String> said = messages(id);

        List<Runnable> late = List.of(
                () -> writes.baseIs(old, COMMIT),
                () -> writes.report(old, report(1)),
                () -> writes.succeed(old, RESULT),
                () -> writes.fail(old, new JobFailure("c", "m", Optional.empty())),
                () -> writes.retry(old, "cause.", Duration.ZERO),
                () -> writes.release(old),
                () -> writes.cancelled(old));
        late.forEach(write -> assertThatThrownBy(write::run).isInstanceOf(LeaseLostException.class));

        assertThat(leases.renew(old, MINUTE)).isEmpty();
        assertThat(row(id)).isEqualTo(before);
        assertThat(messages(id)).isEqualTo(said);
        writes.succeed(present, RESULT);
        assertThat(row(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(leases.renew(present, MINUTE)).isEmpty();
        assertThatThrownBy(() -> writes.succeed(present, RESULT)).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void aLateSignOfLifeKeepsAJobThatNobodyTook() {
        String id = job("QUEUED");
        Lease lease = claimed("a").lease();
        expire(id);

        assertThat(leases.renew(lease, MINUTE)).contains(JobState.RUNNING);
        assertThat(leases.reap(3)).isZero();
    }

    @Test
    void aDeadWorkersJobWaitsAgainAndFailsWhenItsWorkersKeepDying() {
        String id = job("QUEUED");
        for (int death = 1; death <= 2; death++) {
            claimed("a");
            expire(id);
            assertThat(leases.reap(3)).isEqualTo(1);
            assertThat(row(id).state()).isEqualTo(JobState.QUEUED);
            assertThat(row(id).run().failures()).isEqualTo(death);
        }
        claimed("a");
        expire(id);
        leases.reap(3);

        assertThat(row(id).state()).isEqualTo(JobState.FAILED);
        assertThat(row(id).end().failure().orElseThrow().message()).contains("died 3 times", "a");
    }

    @Test
    void deathsOfAJobThatGetsOnDoNotAddUp() {
        String id = job("QUEUED");
        for (int step = 1; step <= 5; step++) {
            Lease lease = claimed("a").lease();
            writes.report(lease, report(step));
            expire(id);
            leases.reap(3);
            assertThat(row(id).state()).isEqualTo(JobState.QUEUED);
            assertThat(row(id).run().failures()).isEqualTo(1);
        }
        Lease lease = claimed("a").lease();
        writes.report(lease, report(5));
        assertThat(row(id).run().failures())
                .as("a checkpoint that was there before")
                .isEqualTo(1);
    }

    @Test
    void aRestartedWorkerFreesWhatItHeldAtOnceAndNothingElse() {
        String mine = job("QUEUED");
        Lease old = claimed("a").lease();
        String other = job("QUEUED");
        claimed("b");
        String cancelled = job("QUEUED");
        claimed("a");
        jdbc.sql("update job set state = 'CANCELLING' where id = :id")
                .param("id", cancelled)
                .update();

        assertThat(leases.takeOver("a")).isEqualTo(2);

        assertThat(row(mine).state()).isEqualTo(JobState.QUEUED);
        assertThat(row(mine).run().failures()).isZero();
        assertThat(row(other).state()).isEqualTo(JobState.RUNNING);
        assertThat(row(cancelled).state()).isEqualTo(JobState.CANCELLED);
        assertThatThrownBy(() -> writes.succeed(old, RESULT)).isInstanceOf(LeaseLostException.class);
        assertThat(claimed("a").id()).isEqualTo(mine);
    }

    @Test
    void aJobThatFailedWaitsForItsPause() {
        String id = job("QUEUED");
        writes.retry(claimed("a").lease(), "The disk is gone.", Duration.ofSeconds(30));

        assertThat(leases.claim("a", MINUTE)).isEmpty();
        assertThat(leases.untilNextTry().orElseThrow()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(31));
        assertThat(row(id).run().failures()).isEqualTo(1);
        assertThat(messages(id)).last().isEqualTo("The disk is gone. The job is tried again in 30 s.");
    }

    @Test
    void aJobThatIsBeingCancelledEndsCancelledWhateverItsWorkerDoes() {
        Map<String, java.util.function.Consumer<Lease>> ends = Map.of(
                "stops",
                writes::cancelled,
                "fails for now",
                lease -> writes.retry(lease, "x.", Duration.ZERO),
                "is shut down",
                writes::release,
                "dies",
                lease -> {
                    expire(lease.job());
                    leases.reap(1);
                });
        ends.forEach((what, end) -> {
            String id = job("QUEUED");
            Lease lease = claimed("a").lease();
            jdbc.sql("update job set state = 'CANCELLING' where id = :id")
                    .param("id", id)
                    .update();
            end.accept(lease);
            assertThat(row(id).state()).as("its worker " + what).isEqualTo(JobState.CANCELLED);
            assertThat(messages(id)).last().as("its worker " + what).isEqualTo("Fine-tuning job cancelled");
        });
    }

    @Test
    void anEndThatCameBeforeTheCancellationStays() {
        String id = job("QUEUED");
        Lease lease = claimed("a").lease();
        jdbc.sql("update job set state = 'CANCELLING' where id = :id")
                .param("id", id)
                .update();

        writes.succeed(lease, RESULT);

        assertThat(row(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(row(id).end().fineTunedModel()).contains("lab/base:lab/x");
    }

    @Test
    void aStepThatIsDoneAgainReplacesWhatWasSaidOfIt() {
        String id = job("QUEUED");
        Lease lease = claimed("a").lease();
        writes.report(lease, report(1));
        writes.report(lease, report(1));

        assertThat(messages(id)).filteredOn(text -> text.startsWith("Step 1")).hasSize(1);
        assertThat(messages(id))
                .filteredOn(text -> text.startsWith("Checkpoint"))
                .hasSize(1);
    }

    @Test
    void everyEventIsInTheOutboxWithTheRowThatItTellsOf() {
        String id = job("QUEUED");
        writes.release(claimed("a").lease());

        List<String> topics = jdbc.sql("select topic from outbox where event_key = :id order by id")
                .param("id", id)
                .query(String.class)
                .list();
        assertThat(topics).containsExactly("finetune.events", "finetune.events", "finetune.jobs");
    }

    private static JobReport report(int step) {
        return new JobReport(
                Optional.of(new Progress(step, 10, 5L * step, Optional.of(Duration.ofSeconds(3)))),
                List.of(JobNote.metrics(step, "Step " + step, Map.of("train_loss", 1.5))),
                Map.of(step, Map.of("train_loss", 1.5)));
    }
}
