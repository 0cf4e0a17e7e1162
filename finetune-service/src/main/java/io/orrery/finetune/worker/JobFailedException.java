package io.orrery.finetune.worker;

import io.orrery.finetune.job.JobFailure;

/** A job cannot be done, whoever tries. */
final class JobFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient JobFailure failure;

    JobFailedException(JobFailure failure) {
        super(failure.message());
        this.failure = failure;
    }

    JobFailure failure() {
        return failure;
    }
}
