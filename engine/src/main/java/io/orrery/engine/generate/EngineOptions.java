package io.orrery.engine.generate;

import java.time.Duration;

/**
 * How one device's loop works.
 *
 * @param tokenBudget tokens computed in one step at most: the longest that a decoding sequence waits for others' prompts
 * @param maxSequences sequences that run at the same time, per model
 * @param maxWaiting requests that wait, per model; one more is refused
 * @param blockSize tokens in a block of the cache
 * @param patience longest wait for the engine thread to take up a piece of work
 */
public record EngineOptions(int tokenBudget, int maxSequences, int maxWaiting, int blockSize, Duration patience) {
    public static final EngineOptions DEFAULT = new EngineOptions(512, 32, 1024, 16, Duration.ofMinutes(10));

    public EngineOptions {
        if (tokenBudget < 1 || maxSequences < 1 || maxWaiting < 1 || blockSize < 1) {
            throw new IllegalArgumentException(
                    "an engine needs at least one token, sequence, waiting place and block token: " + tokenBudget + ", "
                            + maxSequences + ", " + maxWaiting + ", " + blockSize);
        }
    }
}
