package io.orrery.engine.generate;

import java.util.List;

/**
 * A token that was generated.
 *
 * @param logprob natural logarithm of its probability under the model itself, before temperature and penalties; NaN where log
 *     probabilities were not asked for
 * @param alternatives the likeliest tokens, as many as were asked for, likeliest first
 */
public record TokenChoice(int token, float logprob, List<Alternative> alternatives) {
    public TokenChoice {
        alternatives = List.copyOf(alternatives);
    }

    /** A token that could have been. */
    public record Alternative(int token, float logprob) {}
}
