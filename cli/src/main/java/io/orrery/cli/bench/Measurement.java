package io.orrery.cli.bench;

import io.orrery.engine.generate.EngineOptions;
import io.orrery.engine.generate.Generation;
import io.orrery.engine.generate.GenerationEvent;
import io.orrery.engine.generate.GenerationRequest;
import io.orrery.engine.generate.SamplingParams;
import io.orrery.engine.generate.ServedModel;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Runs sequences through a served model, as its clients' are, and takes the time. Confined to one thread. */
final class Measurement {
    private static final Duration PATIENCE = EngineOptions.DEFAULT.patience();
    private static final Duration MOST_WARM_UP = Duration.ofSeconds(15);
    private static final int RUNS_NO_FASTER = 3;

    private final ServedModel model;
    private final int vocabSize;
    private final Random random = new Random(1);

    Measurement(ServedModel model, int vocabSize) {
        this.model = model;
        this.vocabSize = vocabSize;
    }

    /** A prompt, up to its first token. */
    Speed prompt(int tokens, int repetitions) throws InterruptedException {
        warmUp(tokens, 1);
        long[] nanos = new long[repetitions];
        for (int i = 0; i < repetitions; i++) {
            nanos[i] = run(tokens, 1);
        }
        return new Speed("pp" + tokens, tokens, nanos);
    }

    /** Tokens one after the other, from one token on. */
    Speed generation(int tokens, int repetitions) throws InterruptedException {
        warmUp(1, tokens);
        long[] nanos = new long[repetitions];
        for (int i = 0; i < repetitions; i++) {
            nanos[i] = run(1, tokens);
        }
        return new Speed("tg" + tokens, tokens, nanos);
    }

    /**
     * Runs until it gets no faster: while the runtime still compiles, it takes a core of those that are measured, for some seconds
     * of generation.
     */
    private void warmUp(int promptTokens, int newTokens) throws InterruptedException {
        long end = System.nanoTime() + MOST_WARM_UP.toNanos();
        long best = Long.MAX_VALUE;
        for (int slower = 0; slower < RUNS_NO_FASTER && System.nanoTime() < end; ) {
            long nanos = run(promptTokens, newTokens);
            slower = nanos < best - best / 50 ? 0 : slower + 1;
            best = Math.min(best, nanos);
        }
    }

    private long run(int promptTokens, int newTokens) throws InterruptedException {
        return run(model, random.ints(promptTokens, 0, vocabSize).toArray(), newTokens);
    }

    /** The time that a prompt and so many tokens of its answer take, in nanoseconds. */
    static long run(ServedModel model, int[] prompt, int newTokens) throws InterruptedException {
        GenerationRequest request =
                new GenerationRequest(prompt, newTokens, Set.of(), SamplingParams.GREEDY, -1, Optional.empty());
        long start = System.nanoTime();
        try (Generation generation = model.submit(request)) {
            int got = 0;
            while (true) {
                switch (generation.next(PATIENCE)) {
                    case GenerationEvent.Finished _ -> {
                        if (got != newTokens) {
                            throw new IllegalStateException("the model gave " + got + " of " + newTokens + " tokens");
                        }
                        return System.nanoTime() - start;
                    }
                    case GenerationEvent.Failed failed -> throw failed.cause();
                    case GenerationEvent.Token _ -> got++;
                    case GenerationEvent.Scored _ -> throw new IllegalStateException("no prompt was to be scored");
                }
            }
        }
    }
}
