package io.orrery.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.JsonNode;

/** What becomes of jobs whose worker, registry, data or owner does the unexpected. */
class JobStatesTest extends RunningFinetune {
    private static final String ROWS = "{\"text\":\"one\"}\n";
    private static final String SIX_STEPS = ",\"hyperparameters\":{\"n_epochs\":6}";

    @Autowired
    KafkaTemplate<String, String> kafka;

    @Test
    void aBadLineFailsTheJobAndNamesIt() {
        String rows = ROWS.repeat(6) + "{\"text\": \n" + ROWS;
        String id = submit(upload(rows.replace("{\"text\": \n", "broken\n")), "");

        JsonNode job = awaitStatus(id, "failed");

        assertThat(job.at("/error/code").asString()).isEqualTo("invalid_training_file");
        assertThat(job.at("/error/param").asString()).isEqualTo("training_file");
        assertThat(job.at("/error/message").asString()).contains("line 7");
        assertThat(job.get("finished_at").asLong()).isPositive();
        JsonNode newest = get("/v1/fine_tuning/jobs/" + id + "/events?limit=1").at("/data/0");
        assertThat(newest.get("level").asString()).isEqualTo("error");
        assertThat(newest.get("message").asString()).contains("line 7");
        assertThat(training.runs()).isZero();
    }

    @Test
    void aQueuedJobIsCancelledAtOnceAndTwice() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        training.script((step, listener) -> await(go));
        String file = upload(ROWS);
        String busy = submit(file, SIX_STEPS);
        await(busy, job -> job.get("status").asString().equals("running"));
        String id = submit(file, "");
        JsonNode queued = awaitStatus(id, "queued");
        assertThat(queued.at("/x_lab/queue_position").asInt()).isEqualTo(1);

        assertThat(cancel(id).get("status").asString()).isEqualTo("cancelled");
        assertThat(cancel(id).get("status").asString()).isEqualTo("cancelled");

        go.countDown();
        awaitStatus(busy, "succeeded");
        assertThat(job(id).get("fine_tuned_model").isNull()).isTrue();
        assertThat(error(call("POST", "/v1/fine_tuning/jobs/" + busy + "/cancel", ""), 400)
                        .get("message")
                        .asString())
                .contains(busy, "succeeded");
    }

    @Test
    void aRunningJobStopsWithinAStep() {
        CountDownLatch reached = new CountDownLatch(1);
        training.script((step, listener) -> {
            if (step == 3) {
                reached.countDown();
                while (!listener.isStopped()) {
                    pause();
                }
            }
        });
        String id = submit(upload(ROWS), SIX_STEPS + ",\"suffix\":\"never\"");
        await(reached);

        JsonNode cancelling = cancel(id);
        assertThat(cancelling.get("status").asString()).isIn("running", "cancelled");
        assertThat(cancel(id).get("id").asString()).isEqualTo(id);

        JsonNode job = awaitStatus(id, "cancelled");
        assertThat(training.stepsDone()).containsExactly(1, 2);
        assertThat(job.at("/x_lab/worker").isNull()).isTrue();
        assertThat(HUB.has("lab/never")).isFalse();
        assertThat(DATA.resolve("jobs").resolve(id)).doesNotExist();
    }

    @Test
    void aFailureThatPassesIsTriedAgainFromTheCheckpoint() {
        AtomicBoolean failed = new AtomicBoolean();
        training.script((step, listener) -> {
            if (step == 4 && failed.compareAndSet(false, true)) {
                throw new IllegalStateException("the device was lost");
            }
        });
        String id = submit(upload(ROWS), SIX_STEPS);

        JsonNode job = awaitStatus(id, "succeeded");

        assertThat(training.stepsDone()).containsExactly(1, 2, 3, 3, 4, 5, 6);
        assertThat(job.get("trained_tokens").asInt()).isEqualTo(30);
        assertThat(job.at("/x_lab/attempt").asInt()).isEqualTo(2);
        assertThat(messages(id)).anyMatch(text -> text.contains("the device was lost. The job is tried again"));
    }

    @Test
    void aFailureThatStaysEndsTheJobAfterThreeAttempts() {
        training.script((step, listener) -> {
            throw new IllegalStateException("out of memory");
        });
        String id = submit(upload(ROWS), "");

        JsonNode job = awaitStatus(id, "failed");

        assertThat(training.runs()).isEqualTo(3);
        assertThat(job.at("/error/code").asString()).isEqualTo("failed_repeatedly");
        assertThat(job.at("/error/message").asString()).contains("3 attempts", "out of memory");
    }

    @Test
    void aRegistryThatIsAwayForAWhileCostsNothing() {
        HUB.down(true);
        String id = submit(upload(ROWS), ",\"suffix\":\"late\"");
        await(id, job -> messages(id).anyMatch(text -> text.contains("The job is tried again")));
        assertThat(job(id).at("/x_lab/base_commit").isNull()).isTrue();
        HUB.down(false);

        JsonNode job = awaitStatus(id, "succeeded");

        assertThat(job.at("/x_lab/base_commit").asString())
                .isEqualTo(HUB.repo(BASE).commit());
        assertThat(job.at("/x_lab/output_commit").asString())
                .isEqualTo(HUB.repo("lab/late").commit());
    }

    @Test
    void aWorkerThatLostItsLeaseStopsAndAnotherAttemptEndsTheJobOnce() {
        AtomicBoolean stolen = new AtomicBoolean();
        training.script((step, listener) -> {
            if (step == 4 && stolen.compareAndSet(false, true)) {
                // what the reaper does when this worker has been silent for too long
                jdbc.sql("update job set state = 'QUEUED', worker = null, lease_until = null where state = 'RUNNING'")
                        .update();
                while (!listener.isStopped()) {
                    pause();
                }
            }
        });
        String id = submit(upload(ROWS), SIX_STEPS + ",\"suffix\":\"once\"");

        JsonNode job = awaitStatus(id, "succeeded");

        assertThat(job.at("/x_lab/attempt").asInt()).isEqualTo(2);
        assertThat(training.stepsDone()).containsExactly(1, 2, 3, 3, 4, 5, 6);
        assertThat(HUB.repo("lab/once").commits()).isEqualTo(1);
        assertThat(messages(id).filter(text -> text.contains("successfully")).count())
                .isEqualTo(1);
    }

    @Test
    void aCrashBetweenPublishingAndTheRowPublishesTheSameAgain() {
        String id = submit(upload(ROWS), ",\"suffix\":\"again\"");
        JsonNode first = awaitStatus(id, "succeeded");
        // as if the process had died before it wrote the end
        jdbc.sql("""
                update job set state = 'QUEUED', finished_at = null, fine_tuned_model = null, output_commit = null,
                    worker = null, lease_until = null where id = :id
                """).param("id", id).update();
        wake();

        JsonNode second = awaitStatus(id, "succeeded");

        assertThat(second.at("/x_lab/output_commit").asString())
                .isEqualTo(first.at("/x_lab/output_commit").asString());
        assertThat(HUB.repo("lab/again").commits()).isEqualTo(1);
    }

    @Test
    void wakeUpsThatComeTwiceOrMakeNoSenseDoNoHarm() {
        String id = submit(upload(ROWS), "");
        kafka.send("finetune.jobs", id, "no JSON");
        IntStream.range(0, 5).forEach(i -> wake());
        kafka.send("finetune.control", id, message("cancel", "a job that is not there"));

        awaitStatus(id, "succeeded");

        assertThat(training.runs()).isEqualTo(1);
    }

    private void wake() {
        kafka.send("finetune.jobs", "x", message("queued", "x"));
    }

    private static String message(String type, String job) {
        return "{\"id\":\"the same\",\"job\":\"" + job + "\",\"project\":\"lab\",\"type\":\"" + type
                + "\",\"status\":\"queued\",\"at\":\"2026-01-01T00:00:00Z\"}";
    }

    private JsonNode cancel(String id) {
        return ok(call("POST", "/v1/fine_tuning/jobs/" + id + "/cancel", ""));
    }

    private java.util.stream.Stream<String> messages(String id) {
        return get("/v1/fine_tuning/jobs/" + id + "/events?limit=100")
                .get("data")
                .valueStream()
                .map(event -> event.get("message").asString());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
