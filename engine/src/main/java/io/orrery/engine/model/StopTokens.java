package io.orrery.engine.model;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What a folder's JSON files say about the tokens that end an answer. */
final class StopTokens {
    private StopTokens() {}

    /** {@code eos_token_id}: absent, null, a number or a list of numbers. @param file the JSON's name, for messages */
    static Set<Integer> of(JsonNode json, String file) {
        Set<Integer> ids = new LinkedHashSet<>();
        JsonNode value = json.path("eos_token_id");
        if (value.isArray()) {
            value.forEach(element -> ids.add(id(element, file)));
        } else if (!value.isMissingNode() && !value.isNull()) {
            ids.add(id(value, file));
        }
        return ids;
    }

    private static int id(JsonNode value, String file) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new ModelException(
                    "'eos_token_id' in " + file + " is " + value + "; it must be a token id or a list of them");
        }
        return value.intValue();
    }

    /** {@code eos_token} of tokenizer_config.json: a string, or an object with one as {@code content}. */
    static Optional<String> text(JsonNode tokenizerConfig) {
        JsonNode value = tokenizerConfig.path("eos_token");
        JsonNode text = value.isObject() ? value.path("content") : value;
        return text.isString() ? Optional.of(text.stringValue()) : Optional.empty();
    }
}
