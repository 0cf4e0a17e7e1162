package io.orrery.finetune.job;

import io.orrery.api.openai.FineTuningJob.Status;
import java.util.Locale;

/**
 * Where a job stands. VALIDATING goes to QUEUED; a worker's claim makes that RUNNING; a lost or released lease, and a failure that may pass,
 * make it QUEUED again. Only a job that runs is CANCELLING: until its worker has stopped. The last three never change.
 */
public enum JobState {
    VALIDATING(Status.VALIDATING_FILES),
    QUEUED(Status.QUEUED),
    RUNNING(Status.RUNNING),
    CANCELLING(Status.RUNNING),
    SUCCEEDED(Status.SUCCEEDED),
    FAILED(Status.FAILED),
    CANCELLED(Status.CANCELLED);

    private final String status;

    JobState(String status) {
        this.status = status;
    }

    /** The status on OpenAI's wire, which has no word for cancelling. */
    public String status() {
        return status;
    }

    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }

    /** For people and for our own part of the wire. */
    String word() {
        return this == VALIDATING ? status : name().toLowerCase(Locale.ROOT);
    }
}
