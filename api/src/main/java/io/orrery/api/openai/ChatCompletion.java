package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code POST /v1/chat/completions} in one piece.
 *
 * @param object always {@link #OBJECT}
 * @param created Unix seconds
 */
public record ChatCompletion(String id, String object, long created, String model, List<Choice> choices, Usage usage) {
    public static final String OBJECT = "chat.completion";

    /** @param finishReason {@code stop} or {@code length} */
    public record Choice(
            int index,
            Message message,
            @Nullable ChatLogprobs logprobs,
            @JsonProperty("finish_reason") String finishReason) {}

    /** @param refusal always null */
    public record Message(
            String role, String content, @Nullable String refusal) {
        public Message(String content) {
            this("assistant", content, null);
        }
    }
}
