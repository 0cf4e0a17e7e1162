package io.orrery.finetune.job;

/**
 * A worker's hold on a job.
 *
 * @param epoch the fencing token: every claim makes it larger, and a write under a smaller one changes nothing
 */
public record Lease(String job, long epoch) {}
