package io.orrery.finetune.worker;

import io.orrery.finetune.job.Job;
import io.orrery.finetune.job.JobNote;
import io.orrery.finetune.job.JobReport;
import io.orrery.finetune.job.Jobs;
import io.orrery.finetune.job.Lease;
import io.orrery.finetune.job.LeasedWrites;
import io.orrery.finetune.job.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gathers what a run says, and writes it in batches: a thousand small steps a second are few transactions, and training does not wait for
 * the database. Told by the training thread, flushed by the pulse and at the end; guarded by itself.
 */
final class Reporter implements Training.Listener {
    /** What is to be written; a checkpoint's step with the metrics of that step. */
    private record Batch(
            List<JobNote> notes, Map<Integer, Map<String, Object>> checkpoints, Optional<Training.Step> step) {
        boolean isEmpty() {
            return notes.isEmpty() && checkpoints.isEmpty();
        }
    }

    /** The first step of this run and when it was done; and the tokens of the steps before, which an earlier attempt did. */
    private record Start(int step, Instant at) {}

    private final Lease lease;
    private final Jobs jobs;
    private final LeasedWrites writes;
    private final StopSwitch stop;
    private final WorkerMeters meters;
    private final Object flushing = new Object();
    private final List<JobNote> notes = new ArrayList<>();
    private final Map<Integer, Map<String, Object>> checkpoints = new TreeMap<>();
    private Optional<Training.Step> last = Optional.empty();
    private Optional<Start> start = Optional.empty();
    private Optional<Long> tokensBefore = Optional.empty();
    private long tokens;

    Reporter(Job job, Jobs jobs, LeasedWrites writes, StopSwitch stop, WorkerMeters meters) {
        this.lease = job.lease();
        this.jobs = jobs;
        this.writes = writes;
        this.stop = stop;
        this.meters = meters;
    }

    @Override
    public synchronized void stage(String text) {
        notes.add(JobNote.info(text));
    }

    @Override
    public void step(Training.Step step) {
        meters.step(step);
        String text = String.format(
                Locale.ROOT, "Step %d/%d: training loss=%.4f", step.step(), step.totalSteps(), step.loss());
        synchronized (this) {
            if (start.isEmpty()) {
                start = Optional.of(new Start(step.step(), Instant.now()));
            }
            tokens += step.trainedTokens();
            last = Optional.of(step);
            notes.add(JobNote.metrics(step.step(), text, step.data()));
        }
    }

    @Override
    public synchronized void checkpoint(int step) {
        checkpoints.put(
                step,
                last.filter(done -> done.step() == step)
                        .map(Training.Step::data)
                        .orElse(Map.of()));
    }

    @Override
    public boolean isStopped() {
        return stop.isStopped();
    }

    /** Writes what was said since; what cannot be written is kept for the next time. */
    void flush() {
        synchronized (flushing) {
            Batch batch = take();
            if (batch.isEmpty()) {
                return;
            }
            boolean written = false;
            try {
                write(batch);
                written = true;
            } finally {
                if (!written) {
                    putBack(batch);
                }
            }
        }
    }

    private synchronized Batch take() {
        Batch batch = new Batch(List.copyOf(notes), Map.copyOf(checkpoints), last);
        notes.clear();
        checkpoints.clear();
        return batch;
    }

    private synchronized void putBack(Batch batch) {
        notes.addAll(0, batch.notes());
        batch.checkpoints().forEach(checkpoints::putIfAbsent);
    }

    private void write(Batch batch) {
        Optional<Progress> progress = batch.step().map(this::progress);
        writes.report(lease, new JobReport(progress, batch.notes(), batch.checkpoints()));
    }

    private Progress progress(Training.Step step) {
        Start from;
        long here;
        synchronized (this) {
            from = start.orElseThrow();
            here = tokens;
        }
        if (tokensBefore.isEmpty()) {
            tokensBefore = Optional.of(jobs.trainedTokens(lease.job(), from.step()));
        }
        return new Progress(step.step(), step.totalSteps(), tokensBefore.get() + here, remaining(from, step));
    }

    private static Optional<Duration> remaining(Start from, Training.Step step) {
        int done = step.step() - from.step();
        if (done == 0) {
            return Optional.empty();
        }
        double each = Duration.between(from.at(), Instant.now()).toNanos() / (double) done;
        return Optional.of(Duration.ofNanos((long) (each * (step.totalSteps() - step.step()))));
    }
}
