package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a streamed chat completion; id, created and model are the same on all pieces of one answer.
 *
 * @param object always {@link #OBJECT}
 * @param created Unix seconds
 * @param choices empty in the piece that tells the usage
 */
public record ChatCompletionChunk(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Usage usage) {
    public static final String OBJECT = "chat.completion.chunk";

    /** @param finishReason null but in a choice's last piece */
    public record Choice(
            int index,
            Delta delta,
            @Nullable ChatLogprobs logprobs,
            @JsonProperty("finish_reason") @Nullable String finishReason) {}

    /** @param role in a choice's first piece only: clients join what comes twice */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Delta(@Nullable String role, @Nullable String content) {}
}
