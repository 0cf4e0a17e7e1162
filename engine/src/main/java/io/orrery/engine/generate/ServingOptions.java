package io.orrery.engine.generate;

/**
 * How much of a device one model takes for the sequences it serves.
 *
 * @param contextLength tokens that prompt and answer may have together; 0 for the model's own
 * @param cacheBytes memory for keys and values at most; 0 for {@link #DEFAULT_CACHE_BYTES}. No more is taken than as many whole
 *     contexts as may run at the same time
 */
public record ServingOptions(int contextLength, long cacheBytes) {
    public static final long DEFAULT_CACHE_BYTES = 512L << 20;
    public static final ServingOptions DEFAULT = new ServingOptions(0, 0);

    public ServingOptions {
        if (contextLength < 0 || cacheBytes < 0) {
            throw new IllegalArgumentException("contextLength (" + contextLength + ") and cacheBytes (" + cacheBytes
                    + ") must be 0 for the default, or more");
        }
    }
}
