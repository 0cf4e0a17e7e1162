package io.orrery.finetune.job;

/** Somebody else has the job now, or nobody: whoever ran it must stop and write nothing more. */
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LeaseLostException(Lease lease) {
        super("the lease of epoch " + lease.epoch() + " on job " + lease.job() + " is lost");
    }
}
