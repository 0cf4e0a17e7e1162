package io.orrery.api.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** @param refusal always null */
public record ChatLogprobs(
        List<TokenLogprob> content, @Nullable List<TokenLogprob> refusal) {
    public ChatLogprobs(List<TokenLogprob> content) {
        this(content, null);
    }
}
