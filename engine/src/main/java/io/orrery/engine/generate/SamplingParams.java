package io.orrery.engine.generate;

import java.util.Map;

/**
 * How the next token is chosen. Applied in Hugging Face's order: penalties and bias, temperature, top-k, top-p, min-p.
 *
 * @param temperature 0 takes the likeliest token
 * @param topK 0 for all
 * @param topP smallest set of tokens whose probability reaches this; 1 for all
 * @param minP tokens at least this likely, relative to the likeliest; 0 for all
 * @param repetitionPenalty divides (or multiplies, below zero) the logit of every token seen so far; 1 for none
 * @param presencePenalty taken off the logit of every token generated so far
 * @param frequencyPenalty taken off as often as the token was generated
 * @param logitBias token id to what is added to its logit
 * @param seed of this sequence's own random numbers
 */
public record SamplingParams(
        float temperature,
        int topK,
        float topP,
        float minP,
        float repetitionPenalty,
        float presencePenalty,
        float frequencyPenalty,
        Map<Integer, Float> logitBias,
        long seed) {
    public static final SamplingParams GREEDY = new SamplingParams(0, 0, 1, 0, 1, 0, 0, Map.of(), 0);

    public SamplingParams {
        requireRange("temperature", temperature, 0, 2);
        requireRange("top_p", topP, 0, 1);
        requireRange("min_p", minP, 0, 1);
        requireRange("presence_penalty", presencePenalty, -2, 2);
        requireRange("frequency_penalty", frequencyPenalty, -2, 2);
        if (topK < 0) {
            throw new IllegalArgumentException("top_k is " + topK + "; it must be 0 (off) or more");
        }
        if (!(repetitionPenalty > 0)) {
            throw new IllegalArgumentException("repetition_penalty is " + repetitionPenalty + "; it must be above 0");
        }
        logitBias = Map.copyOf(logitBias);
    }

    /** The same but for temperature and seed. */
    public static SamplingParams of(float temperature, float topP, long seed) {
        return new SamplingParams(temperature, 0, topP, 0, 1, 0, 0, Map.of(), seed);
    }

    private static void requireRange(String name, float value, float low, float high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be between " + low + " and " + high);
        }
    }
}
