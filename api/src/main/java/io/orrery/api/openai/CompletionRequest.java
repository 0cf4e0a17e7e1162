package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/completions}. Fields that are not here are ignored.
 *
 * @param prompt a text, a list of texts, a list of token ids, or a list of lists of token ids
 * @param maxTokens absent means 16; 0 only with {@code echo}
 * @param logprobs 0 to 5
 * @param echo whether the answer begins with the prompt
 * @param suffix not built yet, so refused where there is one
 * @param bestOf not built yet, so refused where it is more than {@code n}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CompletionRequest(
        String model,
        @Nullable Object prompt,
        @JsonProperty("max_tokens") @Nullable Integer maxTokens,
        @Nullable Double temperature,
        @JsonProperty("top_p") @Nullable Double topP,
        @JsonProperty("top_k") @Nullable Integer topK,
        @JsonProperty("min_p") @Nullable Double minP,
        @JsonProperty("repetition_penalty") @Nullable Double repetitionPenalty,
        @JsonProperty("presence_penalty") @Nullable Double presencePenalty,
        @JsonProperty("frequency_penalty") @Nullable Double frequencyPenalty,
        @JsonProperty("logit_bias") @Nullable Map<String, Double> logitBias,
        @Nullable Long seed,
        @Nullable Integer n,
        @Nullable Object stop,
        @Nullable Integer logprobs,
        @Nullable Boolean echo,
        @Nullable Boolean stream,
        @JsonProperty("stream_options") @Nullable StreamOptions streamOptions,
        @Nullable String user,
        @Nullable String suffix,
        @JsonProperty("best_of") @Nullable Integer bestOf)
        implements GenerationParameters {}
