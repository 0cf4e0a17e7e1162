package io.orrery.engine.checkpoint;

/**
 * How a file of tensors is written.
 *
 * @param threads that make the rows of computed tensors
 * @param progress is told of every block that was written
 */
public record WriteOptions(int threads, Progress progress) {
    /** Hears of bytes. Called on the thread that writes. */
    @FunctionalInterface
    public interface Progress {
        /** @param tensor the one that is being written */
        void report(String tensor, long done, long total);
    }

    public WriteOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("a file cannot be written by " + threads + " threads");
        }
    }

    /** On one thread, silently. */
    public static WriteOptions plain() {
        return new WriteOptions(1, (_, _, _) -> {});
    }
}
