package io.orrery.finetune.job;

import io.orrery.api.finetune.JobMessage;
import io.orrery.finetune.job.JobEvents.Subject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What a worker writes about the job it runs. Every write names the lease; where that is lost, nothing is written and
 * {@link LeaseLostException} is thrown.
 */
@Component
public class LeasedWrites {
    private static final String FENCED =
            " where id = :id and epoch = :epoch and state in ('RUNNING', 'CANCELLING')" + " returning project, state";

    private final JdbcClient jdbc;
    private final JobEvents events;
    private final Checkpoints checkpoints;

    LeasedWrites(JdbcClient jdbc, JobEvents events, Checkpoints checkpoints) {
        this.jdbc = jdbc;
        this.events = events;
        this.checkpoints = checkpoints;
    }

    /** Pins the base where that could not be done when the job was made. */
    @Transactional
    public void baseIs(Lease lease, String commit) {
        fenced(lease, jdbc.sql("update job set base_commit = :commit" + FENCED).param("commit", commit));
    }

    /** Writes all of a report. A checkpoint further than any before makes the failures until then count no more. */
    @Transactional
    public void report(Lease lease, JobReport report) {
        Subject subject = report.progress().isEmpty()
                ? held(lease)
                : progress(lease, report.progress().get());
        report.notes().forEach(note -> events.tell(subject, note));
        new TreeMap<>(report.checkpoints()).forEach((step, metrics) -> checkpoint(subject, step, metrics));
    }

    private void checkpoint(Subject subject, int step, Map<String, Object> metrics) {
        if (checkpoints.add(subject.job(), step, metrics)) {
            jdbc.sql("update job set failures = 0 where id = :id")
                    .param("id", subject.job())
                    .update();
            events.tell(subject, JobNote.info("Checkpoint created at step " + step));
        }
    }

    private Subject held(Lease lease) {
        return fenced(lease, jdbc.sql("update job set epoch = epoch" + FENCED));
    }

    private Subject progress(Lease lease, Progress progress) {
        return fenced(
                lease,
                jdbc.sql("""
                        update job set step = :step, total_steps = :total, trained_tokens = :tokens,
                            estimated_finish = now() + :remaining::bigint * interval '1 millisecond'
                        """ + FENCED)
                        .param("step", progress.step())
                        .param("total", progress.totalSteps())
                        .param("tokens", progress.trainedTokens())
                        .param(
                                "remaining",
                                progress.remaining().map(Duration::toMillis).orElse(null)));
    }

    /**
     * What came out.
     *
     * @param model what to ask for in a chat
     * @param commit 40-hex, of the output repository
     */
    public record Result(String model, String commit, long trainedTokens) {}

    @Transactional
    public void succeed(Lease lease, Result result) {
        Subject subject = fenced(
                lease,
                jdbc.sql("""
                        update job set state = 'SUCCEEDED', worker = null, lease_until = null, finished_at = now(),
                            estimated_finish = null, fine_tuned_model = :model, output_commit = :commit, trained_tokens = :tokens
                        """ + FENCED)
                        .param("model", result.model())
                        .param("commit", result.commit())
                        .param("tokens", result.trainedTokens()));
        events.tell(subject, JobNote.info("New fine-tuned model created: " + result.model()));
        events.tell(subject, JobNote.info("The job has successfully completed"));
    }

    /** The job has failed for good. */
    @Transactional
    public void fail(Lease lease, JobFailure failure) {
        Subject subject = fenced(
                lease,
                jdbc.sql("""
                        update job set state = 'FAILED', worker = null, lease_until = null, finished_at = now(),
                            estimated_finish = null, error_code = :code, error_message = :message, error_param = :param
                        """ + FENCED)
                        .param("code", failure.code())
                        .param("message", failure.message())
                        .param("param", failure.param().orElse(null)));
        events.tell(subject, JobNote.error(failure.message()));
    }

    /** The job waits for another try. */
    @Transactional
    public void retry(Lease lease, String cause, Duration pause) {
        Subject subject = fenced(
                lease,
                requeue(", failures = failures + 1, not_before = now() + :millis * interval '1 millisecond'")
                        .param("millis", pause.toMillis()));
        tellRequeued(subject, JobNote.warn(cause + " The job is tried again in " + pause.toSeconds() + " s."));
    }

    /** The worker stops; any other may go on at once. */
    @Transactional
    public void release(Lease lease) {
        Subject subject = fenced(lease, requeue(", not_before = now()"));
        tellRequeued(subject, JobNote.info("The worker stops; the job waits and goes on from its newest checkpoint"));
        events.hint(subject, JobMessage.JOBS, JobMessage.QUEUED);
    }

    /** The worker has stopped because the job was cancelled. */
    @Transactional
    public void cancelled(Lease lease) {
        Subject subject = fenced(lease, jdbc.sql("""
                        update job set state = 'CANCELLED', worker = null, lease_until = null, finished_at = now(),
                            estimated_finish = null
                        """ + FENCED));
        events.tell(subject, JobNote.info("Fine-tuning job cancelled"));
    }

    private void tellRequeued(Subject subject, JobNote note) {
        events.tell(subject, subject.state() == JobState.CANCELLED ? JobNote.info("Fine-tuning job cancelled") : note);
    }

    private StatementSpec requeue(String more) {
        return jdbc.sql("""
                update job set state = case state when 'CANCELLING' then 'CANCELLED' else 'QUEUED' end, worker = null,
                    lease_until = null, queued_at = now(), estimated_finish = null,
                    finished_at = case state when 'CANCELLING' then now() end
                """ + more + FENCED);
    }

    private Subject fenced(Lease lease, StatementSpec update) {
        Optional<Subject> written = update.param("id", lease.job())
                .param("epoch", lease.epoch())
                .query((row, number) ->
                        new Subject(lease.job(), row.getString("project"), JobState.valueOf(row.getString("state"))))
                .optional();
        return written.orElseThrow(() -> new LeaseLostException(lease));
    }
}
