package io.orrery.engine.train;

import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.tokenizer.Tokenizer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a model reads and ends texts.
 *
 * @param chat absent where the model has no chat template: then {@code messages} rows cannot be rendered
 * @param endToken what ends a completion or a text that no template wrote; absent where the model has none
 */
public record TextFormat(Tokenizer tokenizer, Optional<ChatFormat> chat, OptionalInt endToken) {
    /** With the end-of-text token that the chat template's special tokens name. */
    public static TextFormat of(Tokenizer tokenizer, Optional<ChatFormat> chat) {
        String end = chat.map(format -> format.specialTokens().getOrDefault("eos_token", ""))
                .orElse("");
        return new TextFormat(tokenizer, chat, end.isEmpty() ? OptionalInt.empty() : tokenizer.id(end));
    }
}
