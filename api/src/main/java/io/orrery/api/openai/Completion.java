package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code POST /v1/completions}, whole or a piece of a stream.
 *
 * @param object always {@link #OBJECT}
 * @param created Unix seconds
 * @param choices by prompt, and by answer within each
 */
public record Completion(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Usage usage) {
    public static final String OBJECT = "text_completion";

    /** @param finishReason {@code stop} or {@code length}; null but in a choice's last piece */
    public record Choice(
            String text,
            int index,
            @Nullable Logprobs logprobs,
            @JsonProperty("finish_reason") @Nullable String finishReason) {}

    /**
     * Four lists of the same length, an entry a token.
     *
     * @param tokenLogprobs null for a prompt's first token
     * @param topLogprobs the likeliest tokens' texts and log probabilities; null for a prompt's first token
     * @param textOffset where the token begins in the answer's text, in characters
     */
    public record Logprobs(
            List<String> tokens,
            @JsonProperty("token_logprobs") List<@Nullable Double> tokenLogprobs,
            @JsonProperty("top_logprobs") List<@Nullable Map<String, Double>> topLogprobs,
            @JsonProperty("text_offset") List<Integer> textOffset) {}
}
