package io.orrery.engine.ops;

/**
 * Grouped-query attention, as a kernel sees it. Query head h reads key and value head {@code h / (heads / kvHeads)}.
 *
 * @param scale factor on q·k before the softmax
 * @param causal whether a token sees only itself and what comes before
 * @param window tokens seen, the token itself included; 0 where all are
 */
public record AttentionShape(int heads, int kvHeads, int headDim, float scale, boolean causal, int window) {
    public AttentionShape {
        if (kvHeads < 1 || heads % kvHeads != 0) {
            throw new IllegalArgumentException("heads (" + heads + ") is not a multiple of kvHeads (" + kvHeads + ")");
        }
    }
}
