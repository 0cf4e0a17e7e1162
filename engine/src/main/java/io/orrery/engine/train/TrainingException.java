package io.orrery.engine.train;

/** A run cannot be done as it was asked for. The message is a sentence for the person who asked. */
public final class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Cause reason;

    /** What has to be changed before it is tried again. */
    public enum Cause {
        /** A key of the hyperparameters: unknown, of the wrong type or out of range. */
        HYPERPARAMETERS,
        /** The training or validation file as a whole: missing, too large, or nothing in it to learn. */
        DATA,
        /** A checkpoint belongs to another run, or the numbers went out of bounds. */
        RUN
    }

    public TrainingException(Cause reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Cause reason() {
        return reason;
    }
}
