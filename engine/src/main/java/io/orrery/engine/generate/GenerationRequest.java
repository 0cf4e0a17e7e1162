package io.orrery.engine.generate;

import java.util.Optional;
import java.util.Set;

/**
 * One sequence to continue.
 *
 * @param prompt token ids, at least one
 * @param maxTokens tokens to generate at most; the context may end it earlier
 * @param stopTokens ids that end the sequence, and are not part of the answer
 * @param logprobs likeliest tokens to report with each, or -1 for no log probabilities
 * @param adapter name of a LoRA adapter added to the model, or empty for the model itself
 */
public record GenerationRequest(
        int[] prompt,
        int maxTokens,
        Set<Integer> stopTokens,
        SamplingParams sampling,
        int logprobs,
        Optional<String> adapter) {
    public GenerationRequest {
        prompt = prompt.clone();
        stopTokens = Set.copyOf(stopTokens);
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt has no tokens");
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max_tokens is " + maxTokens + "; it must be at least 1");
        }
    }
}
