package io.orrery.finetune.job;

import io.orrery.finetune.access.Caller;
import java.time.Instant;
import java.util.Optional;

/** A row of {@code job}. */
public record Job(String id, Caller owner, JobSpec spec, JobState state, Times times, Run run, End end) {
    public record Times(
            Instant created, Optional<Instant> queued, Optional<Instant> finished, Optional<Instant> estimatedFinish) {}

    /**
     * How far it is.
     *
     * @param epoch how many times a worker has taken it
     * @param failures in a row, without a new checkpoint between them
     * @param step optimiser steps done
     */
    public record Run(
            long epoch,
            Optional<String> worker,
            int failures,
            int step,
            Optional<Integer> totalSteps,
            long trainedTokens) {}

    public record End(Optional<String> fineTunedModel, Optional<String> outputCommit, Optional<JobFailure> failure) {}

    /** By which its worker proves that it still has the job. */
    public Lease lease() {
        return new Lease(id, run.epoch());
    }
}
