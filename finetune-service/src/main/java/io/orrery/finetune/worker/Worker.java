package io.orrery.finetune.worker;

import io.orrery.api.finetune.JobMessage;
import io.orrery.finetune.job.Job;
import io.orrery.finetune.job.Leases;
import io.orrery.finetune.queue.HintListener;
import io.orrery.finetune.queue.Loop;
import io.orrery.finetune.queue.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The one thread that owns the device: takes a job, runs it, takes the next. */
@Component
class Worker implements HintListener, Loop.Work {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** @param stop for others to press */
    private record InHand(String job, StopSwitch stop) {}

    private final Leases leases;
    private final JobRunner runner;
    private final WorkerProperties properties;
    private final WorkerMeters meters;
    private final Signal signal = new Signal();
    private final AtomicReference<Optional<InHand>> inHand = new AtomicReference<>(Optional.empty());
    private volatile boolean stopping;
    private boolean tookOver;

    Worker(Leases leases, JobRunner runner, WorkerProperties properties, WorkerMeters meters) {
        this.leases = leases;
        this.runner = runner;
        this.properties = properties;
        this.meters = meters;
    }

    Signal signal() {
        return signal;
    }

    /** Runs the next job to its end, or says when there may be one that waits for its next try. */
    @Override
    public Duration once() {
        if (!tookOver) {
            int left = leases.takeOver(properties.name());
            if (left > 0) {
                LOG.info("took over {} jobs that worker {} held when it died", left, properties.name());
            }
            tookOver = true;
        }
        Optional<Job> claimed = stopping ? Optional.empty() : leases.claim(properties.name(), properties.lease());
        claimed.ifPresent(job -> {
            job.times().queued().ifPresent(since -> meters.waited(Duration.between(since, Instant.now())));
            run(job);
        });
        return claimed.isPresent() ? Loop.MORE : leases.untilNextTry().orElse(Loop.IDLE);
    }

    private void run(Job job) {
        StopSwitch stop = new StopSwitch();
        inHand.set(Optional.of(new InHand(job.id(), stop)));
        if (stopping) {
            stop.stop(StopSwitch.Reason.SHUTDOWN);
        }
        try {
            runner.run(job, stop);
        } finally {
            inHand.set(Optional.empty());
        }
    }

    @Override
    public void hint(JobMessage message) {
        if (message.type().equals(JobMessage.CANCEL)) {
            inHand.get()
                    .filter(run -> run.job().equals(message.job()))
                    .ifPresent(run -> run.stop().stop(StopSwitch.Reason.CANCELLED));
        } else if (message.type().equals(JobMessage.QUEUED)) {
            signal.raise();
        }
    }

    @Override
    public void starting() {
        stopping = false;
    }

    /** The run in hand writes its checkpoint and gives the job back. */
    @Override
    public void stopping() {
        stopping = true;
        inHand.get().ifPresent(run -> run.stop().stop(StopSwitch.Reason.SHUTDOWN));
    }
}
