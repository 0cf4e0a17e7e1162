package io.orrery.engine.train;

import io.orrery.engine.ops.Ops;
import java.util.Arrays;

/**
 * One row of training data. The arrays are handed over, and must not change afterwards.
 *
 * @param tokens the whole text
 * @param labels {@code tokens[i]} where the model is to learn it, else {@link Ops#IGNORED}; the shift by one happens in training
 */
@SuppressWarnings("ArrayRecordComponent") // millions of tokens: no boxes and no copies
public record Example(int[] tokens, int[] labels) {
    public Example {
        if (tokens.length == 0 || tokens.length != labels.length) {
            throw new IllegalArgumentException(
                    "an example needs tokens and as many labels: it has " + tokens.length + " and " + labels.length);
        }
        for (int i = 0; i < tokens.length; i++) {
            if (labels[i] != Ops.IGNORED && labels[i] != tokens[i]) {
                throw new IllegalArgumentException("label " + i + " is " + labels[i] + "; it must be the token "
                        + tokens[i] + " or " + Ops.IGNORED);
            }
        }
    }

    /** Every token learned. */
    public static Example of(int... tokens) {
        return new Example(tokens, tokens);
    }

    /** Tokens that are predicted in training: labels but for the first, which nothing comes before. */
    public int trainedTokens() {
        return (int) Arrays.stream(labels, 1, labels.length)
                .filter(label -> label != Ops.IGNORED)
                .count();
    }

    /** The same start, cut to a length. */
    Example truncated(int length) {
        return tokens.length <= length
                ? this
                : new Example(Arrays.copyOf(tokens, length), Arrays.copyOf(labels, length));
    }
}
