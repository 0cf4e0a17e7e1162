package io.orrery.finetune.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.orrery.finetune.RunningFinetune;
import io.orrery.finetune.job.Leases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A process that was killed in the middle of a job, and the next one in its place. */
class RestartTest extends RunningFinetune {
    private static final String SIX_STEPS = ",\"hyperparameters\":{\"n_epochs\":6}";

    @Autowired
    Leases leases;

    @Autowired
    JobRunner runner;

    @Autowired
    WorkFolders folders;

    @Test
    void theNextProcessGoesOnFromTheCheckpointAtOnce() throws Exception {
        String id = held("killed", 2);

        Worker next = new Worker(leases, runner, properties("killed"), new WorkerMeters(new SimpleMeterRegistry()));
        next.once();

        // whoever was first, this worker or the one of the context that was told, went on
        JsonNode job = awaitStatus(id, "succeeded");
        assertThat(training.stepsDone()).containsExactly(3, 4, 5, 6);
        assertThat(job.at("/x_lab/attempt").asInt()).isEqualTo(2);
        assertThat(get("/v1/fine_tuning/jobs/" + id + "/events?limit=100")
                        .get("data")
                        .valueStream()
                        .map(event -> event.get("message").asString()))
                .anyMatch(text -> text.startsWith("The worker was restarted"))
                .contains("going on after step 2");
    }

    @Test
    void aProcessThatNeverComesBackIsReaped() throws Exception {
        String id = held("gone", 4);
        jdbc.sql("update job set lease_until = now() where id = :id")
                .param("id", id)
                .update();

        awaitStatus(id, "succeeded");

        assertThat(training.stepsDone()).containsExactly(5, 6);
    }

    @Test
    void aGracefulStopGivesTheJobBackWithoutAFailure() {
        String id = "ftjob-graceful";
        insertWaiting(id);
        training.script((step, listener) -> {
            while (step == 3 && !listener.isStopped()) {
                pause();
            }
        });
        jdbc.sql("update job set not_before = now() where id = :id")
                .param("id", id)
                .update();
        Worker worker = new Worker(leases, runner, properties("leaving"), new WorkerMeters(new SimpleMeterRegistry()));
        Thread thread = Thread.ofPlatform().start(worker::once);
        JsonNode running = await(id, job -> job.at("/x_lab/step").asInt() == 2);
        assertThat(running.at("/x_lab/worker").asString()).isEqualTo("leaving");

        worker.stopping();
        join(thread);

        training.reset();
        awaitStatus(id, "succeeded");
        assertThat(training.stepsDone()).containsExactly(3, 4, 5, 6);
        assertThat(jdbc.sql("select failures from job where id = :id")
                        .param("id", id)
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(worker.once()).as("a worker that stops takes no more").isPositive();
    }

    /** A job that a process held with a lease far into the future when it was killed, with a checkpoint after this step. */
    private String held(String worker, int step) throws Exception {
        String id = "ftjob-" + worker;
        insertWaiting(id);
        jdbc.sql("""
                update job set state = 'RUNNING', worker = :worker, epoch = 1, lease_until = now() + interval '1 hour' where id = :id
                """).param("id", id).param("worker", worker).update();
        Path checkpoints = Files.createDirectories(folders.job(id).resolve("checkpoints"));
        Files.writeString(checkpoints.resolve("step-" + step), "state");
        return id;
    }

    /** A queued job that nobody takes yet. */
    private void insertWaiting(String id) {
        String template = submit(upload("{\"text\":\"x\"}\n"), SIX_STEPS);
        ok(call("POST", "/v1/fine_tuning/jobs/" + template + "/cancel", ""));
        awaitStatus(template, "cancelled");
        training.reset();
        jdbc.sql("""
                insert into job (id, project, created_by, model, base_repository, base_commit, training_file, training_sha256,
                    seed, hyperparameters, metadata, output_repository, state, not_before)
                select :id, project, created_by, model, base_repository, base_commit, training_file, training_sha256,
                    seed, hyperparameters, metadata, 'lab/' || :id, 'QUEUED', now() + interval '1 hour' from job where id = :template
                """).param("id", id).param("template", template).update();
    }

    private static WorkerProperties properties(String worker) {
        return new WorkerProperties(
                worker,
                true,
                "cpu",
                1,
                Duration.ofSeconds(3),
                Duration.ofMillis(500),
                Duration.ofSeconds(5),
                3,
                Duration.ofMillis(200),
                Duration.ofSeconds(5));
    }

    private static void join(Thread thread) {
        try {
            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
