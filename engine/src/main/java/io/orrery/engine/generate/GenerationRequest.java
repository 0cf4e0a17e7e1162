package io.orrery.engine.generate;

import java.util.Optional;
import java.util.Set;

/**
 * One sequence to continue.
 *
 * @param prompt token ids, at least one
 * @param maxTokens tokens to generate at most, 0 only where the prompt is scored; the context may end it earlier
 * @param stopTokens ids that end the sequence, and are not part of the answer
 * @param logprobs likeliest tokens to report with each, or -1 for no log probabilities
 * @param adapter name of a LoRA adapter added to the model, or empty for the model itself
 * @param scorePrompt whether the prompt's own tokens are reported with their log probabilities
 */
public record GenerationRequest(
        int[] prompt,
        int maxTokens,
        Set<Integer> stopTokens,
        SamplingParams sampling,
        int logprobs,
        Optional<String> adapter,
        boolean scorePrompt) {
    public GenerationRequest {
        prompt = prompt.clone();
        stopTokens = Set.copyOf(stopTokens);
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt has no tokens");
        }
        if (maxTokens < (scorePrompt ? 0 : 1)) {
            throw new IllegalArgumentException("max_tokens is " + maxTokens + "; it must be at least 1");
        }
        if (scorePrompt && logprobs < 0) {
            throw new IllegalArgumentException("a prompt is scored only where log probabilities are asked for");
        }
    }

    /** Without scores of the prompt. */
    public GenerationRequest(
            int[] prompt,
            int maxTokens,
            Set<Integer> stopTokens,
            SamplingParams sampling,
            int logprobs,
            Optional<String> adapter) {
        this(prompt, maxTokens, stopTokens, sampling, logprobs, adapter, false);
    }

    /** Most events that its reader may get. */
    int mostEvents() {
        return maxTokens + (scorePrompt ? prompt.length : 0) + 1;
    }
}
