package io.orrery.registry.conversion;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.convert.ConversionException;
import io.orrery.engine.model.ModelException;
import io.orrery.engine.tokenizer.TokenizerException;
import io.orrery.registry.blob.ContentMismatchException;
import io.orrery.registry.conversion.Leases.Lease;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** A conversion in the hands of this process, on a thread of its own, since it computes for long. */
final class Run {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    private final Lease lease;
    private final Workshop workshop;
    private final Leases leases;
    private final ConversionMeters meters;
    private final ConversionProperties properties;
    private final Tally tally;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile AcknowledgeType answer = AcknowledgeType.RELEASE;

    Run(Lease lease, Workshop workshop, Leases leases, ConversionMeters meters, ConversionProperties properties) {
        this.lease = lease;
        this.workshop = workshop;
        this.leases = leases;
        this.meters = meters;
        this.properties = properties;
        this.tally = new Tally(properties.threads());
    }

    void start() {
        Thread.ofPlatform().daemon().name("conversion-" + lease.order().id()).start(this::run);
    }

    /** @return whether it has ended */
    boolean await(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says that it goes on; a run that is no longer its own ends soon. Called by the thread that waits for it. */
    void beat() {
        try {
            if (!leases.beat(lease, tally.progress())) {
                tally.stop();
            }
        } catch (DataAccessException e) {
            LOG.warn(
                    "The conversion {} could not say that it goes on: {}",
                    lease.order().id(),
                    e.getMessage());
        }
    }

    /** Lets it end soon, for another to begin it again. */
    void stop() {
        tally.stop();
    }

    /** What Kafka is told of its message when it has ended. */
    AcknowledgeType answer() {
        return answer;
    }

    private void run() {
        Instant start = Instant.now();
        try {
            answer = end(start);
        } catch (RuntimeException e) {
            // the lease runs out, and another worker begins it again
            LOG.error(
                    "How the conversion {} ended could not be noted",
                    lease.order().id(),
                    e);
        } finally {
            ended.countDown();
        }
    }

    private AcknowledgeType end(Instant start) {
        try {
            workshop.make(lease, tally);
            meters.ended(lease.order().kind(), "succeeded", start);
            return AcknowledgeType.ACCEPT;
        } catch (Tally.StoppedException e) {
            return leases.release(lease) ? AcknowledgeType.RELEASE : AcknowledgeType.ACCEPT;
        } catch (HubProblem e) {
            return fail(e.sentence(), start);
        } catch (CheckpointException e) {
            return e.getCause() instanceof IOException ? retry(e, start) : fail(e.problem(), start);
        } catch (ConversionException
                | ModelException
                | TokenizerException
                | ContentMismatchException
                | IllegalArgumentException e) {
            return fail(String.valueOf(e.getMessage()), start);
        } catch (Exception | OutOfMemoryError e) { // the root of a thread
            return retry(e, start);
        }
    }

    /** It would fail again. */
    private AcknowledgeType fail(String why, Instant start) {
        LOG.info("The conversion {} failed: {}", lease.order().id(), why);
        leases.fail(lease, why);
        meters.ended(lease.order().kind(), "failed", start);
        return AcknowledgeType.ACCEPT;
    }

    private AcknowledgeType retry(Throwable failure, Instant start) {
        LOG.warn("The conversion {} broke off", lease.order().id(), failure);
        boolean isLast = leases.retry(lease, String.valueOf(failure.getMessage()), properties.pause());
        if (isLast) {
            meters.ended(lease.order().kind(), "failed", start);
        }
        return isLast ? AcknowledgeType.REJECT : AcknowledgeType.ACCEPT;
    }
}
