package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token and how likely it was.
 *
 * @param bytes UTF-8 of the token, which may be a part of a character
 * @param topLogprobs the likeliest tokens in its place, which have none of their own
 */
public record TokenLogprob(
        String token,
        double logprob,
        List<Integer> bytes,

        @JsonProperty("top_logprobs") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        List<TokenLogprob> topLogprobs) {}
