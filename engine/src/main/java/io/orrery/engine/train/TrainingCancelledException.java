package io.orrery.engine.train;

/** The listener asked for an end. What was checkpointed stays, and a later run goes on from there. */
public final class TrainingCancelledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int step;

    TrainingCancelledException(int step) {
        super("cancelled after step " + step);
        this.step = step;
    }

    /** Steps that were done. */
    public int step() {
        return step;
    }
}
