package io.orrery.finetune.job;

import io.orrery.api.finetune.JobMessage;
import io.orrery.finetune.job.JobEvents.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Who has which job, for how long. Times are the database's, so workers' clocks do not matter. */
@Component
public class Leases {
    private final JdbcClient jdbc;
    private final JobTable jobs;
    private final JobEvents events;

    Leases(JdbcClient jdbc, JobTable jobs, JobEvents events) {
        this.jdbc = jdbc;
        this.jobs = jobs;
        this.events = events;
    }

    /** Takes the oldest job that waits, if any, under an epoch that nobody had. */
    @Transactional
    public Optional<Job> claim(String worker, Duration lease) {
        Optional<Job> claimed = jdbc.sql("""
                        update job set state = 'RUNNING', worker = :worker, epoch = epoch + 1, estimated_finish = null,
                            lease_until = now() + :millis * interval '1 millisecond', started_at = coalesce(started_at, now())
                        where id = (select id from job where state = 'QUEUED' and not_before <= now()
                            order by created_at, id limit 1 for update skip locked)
                        returning id
                        """)
                .param("worker", worker)
                .param("millis", lease.toMillis())
                .query(String.class)
                .optional()
                .flatMap(jobs::byId);
        claimed.ifPresent(job -> events.tell(
                subject(job),
                JobNote.info(
                        job.run().epoch() == 1
                                ? "Fine-tuning job started by worker " + worker
                                : "Fine-tuning job taken up again by worker " + worker + ", attempt "
                                        + job.run().epoch())));
        return claimed;
    }

    /** How long until a job that failed may be tried again, where one waits for that. */
    public Optional<Duration> untilNextTry() {
        return jdbc.sql("""
                        select extract(epoch from not_before - now()) * 1000 from job
                        where state = 'QUEUED' and not_before > now() order by not_before limit 1
                        """).query(Double.class).optional().map(millis -> Duration.ofMillis(1 + millis.longValue()));
    }

    /** Keeps a job for longer. @return its state, or nothing where the lease is lost */
    public Optional<JobState> renew(Lease lease, Duration time) {
        return jdbc.sql("""
                        update job set lease_until = now() + :millis * interval '1 millisecond'
                        where id = :id and epoch = :epoch and state in ('RUNNING', 'CANCELLING') returning state
                        """)
                .param("millis", time.toMillis())
                .param("id", lease.job())
                .param("epoch", lease.epoch())
                .query(String.class)
                .optional()
                .map(JobState::valueOf);
    }

    /** Frees what an earlier process of the same worker held when it died. Call before the first claim. */
    @Transactional
    public int takeOver(String worker) {
        List<String> left = jdbc.sql(
                        "select id from job where worker = :worker and state in ('RUNNING', 'CANCELLING') for update")
                .param("worker", worker)
                .query((row, number) -> row.getString("id"))
                .list();
        left.stream()
                .flatMap(id -> jobs.byId(id).stream())
                .forEach(job -> free(job, "The worker was restarted", job.run().failures()));
        return left.size();
    }

    /** Frees jobs whose worker has not been heard of; one whose workers keep dying fails. */
    @Transactional
    public int reap(int attempts) {
        List<String> dead =
                jdbc.sql("""
                        select id from job where state in ('RUNNING', 'CANCELLING') and lease_until < now()
                        for update skip locked
                        """).query((row, number) -> row.getString("id")).list();
        for (Job job : dead.stream().flatMap(id -> jobs.byId(id).stream()).toList()) {
            int failures = job.run().failures() + 1;
            String worker = job.run().worker().orElse("");
            if (job.state() == JobState.RUNNING && failures >= attempts) {
                fail(job, worker, failures);
            } else {
                free(job, "Worker " + worker + " has not been heard of", failures);
            }
        }
        return dead.size();
    }

    private void free(Job job, String cause, int failures) {
        boolean cancelled = job.state() == JobState.CANCELLING;
        jdbc.sql("""
                        update job set state = :state, worker = null, lease_until = null, failures = :failures,
                            not_before = now(), queued_at = now(), estimated_finish = null,
                            finished_at = case when :state = 'CANCELLED' then now() end
                        where id = :id
                        """)
                .param("state", cancelled ? "CANCELLED" : "QUEUED")
                .param("failures", failures)
                .param("id", job.id())
                .update();
        Subject after = new Subject(job.id(), job.owner().project(), cancelled ? JobState.CANCELLED : JobState.QUEUED);
        events.tell(
                after,
                cancelled
                        ? JobNote.info("Fine-tuning job cancelled")
                        : JobNote.warn(cause + "; the job waits for a worker and goes on from its newest checkpoint"));
        if (!cancelled) {
            events.hint(after, JobMessage.JOBS, JobMessage.QUEUED);
        }
    }

    private void fail(Job job, String worker, int failures) {
        String message = "The worker died " + failures + " times in a row while it ran this job, the last time on "
                + worker + ", without reaching a new checkpoint; see its log.";
        jdbc.sql("""
                        update job set state = 'FAILED', worker = null, lease_until = null, failures = :failures,
                            finished_at = now(), estimated_finish = null, error_code = 'worker_died', error_message = :message
                        where id = :id
                        """)
                .param("failures", failures)
                .param("message", message)
                .param("id", job.id())
                .update();
        events.tell(new Subject(job.id(), job.owner().project(), JobState.FAILED), JobNote.error(message));
    }

    static Subject subject(Job job) {
        return new Subject(job.id(), job.owner().project(), job.state());
    }
}
