package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A turn of a chat.
 *
 * @param role {@code system}, {@code developer}, {@code user}, {@code assistant} or {@code tool}
 * @param content a text, or a list of parts {@code {"type": "text", "text": ...}}
 * @param name of who speaks
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChatMessage(
        String role, @Nullable Object content, @Nullable String name) {
    public ChatMessage(String role, String content) {
        this(role, content, null);
    }
}
