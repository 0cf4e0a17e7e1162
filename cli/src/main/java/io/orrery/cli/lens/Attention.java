package io.orrery.cli.lens;

import java.util.List;

/**
 * Where one head of one layer looks.
 *
 * @param heads of the layer
 * @param shares of each token, in those up to itself: each row adds up to 1
 */
public record Attention(int layer, int head, int heads, List<float[]> shares) {
    public Attention {
        shares = List.copyOf(shares);
    }

    float share(int from, int to) {
        return to > from ? 0 : shares.get(from)[to];
    }
}
