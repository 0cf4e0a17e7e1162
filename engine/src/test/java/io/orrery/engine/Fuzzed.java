package io.orrery.engine;

/** What every parser owes to whoever hands it foreign bytes. */
public final class Fuzzed {
    /** Far above what a bounded parser needs for what a fuzzer makes, far below a hang. */
    private static final long SECONDS = 20;

    private static final int LONGEST_SENTENCE = 100_000;

    private Fuzzed() {}

    /**
     * Runs a parser, which may refuse its input by an exception of its own kind and in a sentence; anything else that it throws
     * is a finding, and so is a long wait.
     */
    public static void check(Class<? extends RuntimeException> refusal, Runnable parser) {
        long start = System.nanoTime();
        try {
            parser.run();
        } catch (RuntimeException thrown) {
            if (!refusal.isInstance(thrown)) {
                throw thrown;
            }
            String sentence = thrown.getMessage();
            if (sentence == null || sentence.isBlank() || sentence.length() > LONGEST_SENTENCE) {
                throw new AssertionError("a refusal without a readable sentence", thrown);
            }
        }
        long seconds = (System.nanoTime() - start) / 1_000_000_000;
        if (seconds > SECONDS) {
            throw new AssertionError("an input of a few kilobytes took " + seconds + " s");
        }
    }
}
