package io.orrery.finetune.worker;

import io.orrery.finetune.job.Job;
import io.orrery.finetune.job.JobFailure;
import io.orrery.finetune.job.LeaseLostException;
import io.orrery.finetune.job.LeasedWrites;
import io.orrery.finetune.job.Leases;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Runs one job that this worker holds, to whatever end, and writes which. Confined to the device's thread. */
@Component
class JobRunner {
    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

    private final Leases leases;
    private final LeasedWrites writes;
    private final AttemptFactory attempts;
    private final WorkerProperties properties;
    private final WorkFolders folders;
    private final WorkerMeters meters;

    JobRunner(
            Leases leases,
            LeasedWrites writes,
            AttemptFactory attempts,
            WorkerProperties properties,
            WorkFolders folders,
            WorkerMeters meters) {
        this.leases = leases;
        this.writes = writes;
        this.attempts = attempts;
        this.properties = properties;
        this.folders = folders;
        this.meters = meters;
    }

    void run(Job job, StopSwitch stop) {
        Reporter reporter = attempts.reporter(job, stop, meters);
        try {
            runUnderLease(job, stop, reporter);
        } catch (LeaseLostException e) {
            LOG.warn("Left job {}: {}", job.id(), e.getMessage());
        }
    }

    private void runUnderLease(Job job, StopSwitch stop, Reporter reporter) {
        try {
            LeasedWrites.Result result = attempt(job, stop, reporter);
            writes.succeed(job.lease(), result);
            LOG.info("job {} succeeded: {}", job.id(), result.model());
            clean(job);
        } catch (StoppedException e) {
            stopped(job, stop, reporter);
        } catch (JobFailedException e) {
            reporter.flush();
            fail(job, e.failure());
        } catch (LeaseLostException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // the root of what this thread does: whatever went wrong, the job must not stay with a worker that left it
            failed(job, e, reporter);
        }
    }

    private LeasedWrites.Result attempt(Job job, StopSwitch stop, Reporter reporter) {
        try (Pulse pulse = new Pulse(job.lease(), leases, properties, stop, reporter)) {
            return attempts.attempt(job, stop, reporter).run();
        }
    }

    private void stopped(Job job, StopSwitch stop, Reporter reporter) {
        LOG.info("job {} stopped: {}", job.id(), stop.reason());
        switch (stop.reason()) {
            case CANCELLED -> {
                reporter.flush();
                writes.cancelled(job.lease());
                clean(job);
            }
            case SHUTDOWN -> {
                reporter.flush();
                writes.release(job.lease());
            }
            case LOST, NONE -> LOG.warn("Left job {}: its lease is lost", job.id());
        }
    }

    private void fail(Job job, JobFailure failure) {
        LOG.info("job {} failed: {}", job.id(), failure.message());
        writes.fail(job.lease(), failure);
        clean(job);
    }

    /** What may pass is tried again. */
    private void failed(Job job, Throwable cause, Reporter reporter) {
        reporter.flush();
        int failures = job.run().failures() + 1;
        LOG.warn("Job {} failed for the {}. time in a row", job.id(), failures, cause);
        String message = String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
        String sentence = message.endsWith(".") ? message : message + ".";
        if (failures >= properties.attempts()) {
            fail(
                    job,
                    new JobFailure(
                            "failed_repeatedly",
                            "Given up after " + failures + " attempts. " + sentence,
                            Optional.empty()));
        } else {
            Duration pause = properties.backoff(failures);
            writes.retry(job.lease(), sentence, pause);
        }
    }

    private void clean(Job job) {
        try {
            folders.delete(job.id());
        } catch (IOException e) {
            LOG.warn("The work folder of job {} stays: {}", job.id(), e.toString());
        }
    }
}
