package io.orrery.finetune.worker;

/** The run was asked to end, and did. */
final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
        super("stopped as asked");
    }
}
