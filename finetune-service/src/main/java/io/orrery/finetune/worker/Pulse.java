package io.orrery.finetune.worker;

import io.orrery.finetune.job.JobState;
import io.orrery.finetune.job.Lease;
import io.orrery.finetune.job.LeaseLostException;
import io.orrery.finetune.job.Leases;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Keeps the lease of one run and writes its reports, on a thread of its own. Where the database cannot be reached it tries again until the
 * lease must have ended, and stops the run then: another worker may have the job.
 */
final class Pulse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final Duration REPORT = Duration.ofMillis(500);

    private final Lease lease;
    private final Leases leases;
    private final WorkerProperties properties;
    private final StopSwitch stop;
    private final Reporter reporter;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    private Instant kept = Instant.now();

    Pulse(Lease lease, Leases leases, WorkerProperties properties, StopSwitch stop, Reporter reporter) {
        this.lease = lease;
        this.leases = leases;
        this.properties = properties;
        this.stop = stop;
        this.reporter = reporter;
        thread = Thread.ofVirtual().name("pulse-" + lease.job()).start(this::run);
    }

    private void run() {
        try {
            while (!over.await(REPORT.toMillis(), TimeUnit.MILLISECONDS)) {
                beat();
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        }
    }

    private void beat() {
        try {
            if (sinceKept().compareTo(properties.heartbeat()) >= 0) {
                renew();
            }
            reporter.flush();
        } catch (LeaseLostException e) {
            stop.stop(StopSwitch.Reason.LOST);
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("The database did not take a sign of life of job {}: {}", lease.job(), e.getMessage());
            if (sinceKept().compareTo(properties.lease()) >= 0) {
                stop.stop(StopSwitch.Reason.LOST);
            }
        }
    }

    private void renew() {
        Instant asked = Instant.now();
        Optional<JobState> state = leases.renew(lease, properties.lease());
        if (state.isEmpty()) {
            stop.stop(StopSwitch.Reason.LOST);
        } else {
            kept = asked;
            if (state.get() == JobState.CANCELLING) {
                stop.stop(StopSwitch.Reason.CANCELLED);
            }
        }
    }

    private Duration sinceKept() {
        return Duration.between(kept, Instant.now());
    }

    @Override
    public void close() {
        over.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
