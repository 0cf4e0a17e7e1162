package io.orrery.engine.train;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A row of a training file in one of the shapes that it may have, before any tokenizer is needed. Immutable. */
sealed interface Row {
    /** A conversation, and the tools that its template shows; missing where there are none. */
    record Chat(Messages messages, JsonNode tools) implements Row {}

    record Completion(String prompt, String completion) implements Row {}

    record Text(String text) implements Row {}

    /** @throws RowException that points at what is wrong */
    static Row of(JsonNode row) {
        if (row.has("messages")) {
            return new Chat(Messages.of(row.get("messages"), "/messages"), tools(row));
        }
        if (row.has("prompt") && row.has("completion")) {
            return row.get("prompt").isArray()
                    ? new Chat(joined(row), tools(row))
                    : new Completion(string(row, "prompt"), string(row, "completion"));
        }
        if (row.has("text")) {
            return new Text(string(row, "text"));
        }
        throw unknown(row);
    }

    private static JsonNode tools(JsonNode row) {
        JsonNode tools = row.path("tools");
        if (!tools.isMissingNode() && !tools.isNull() && !tools.isArray()) {
            throw new RowException("/tools", "must be an array, and is " + Messages.shown(tools));
        }
        return tools;
    }

    /** A prompt and a completion of messages (TRL): only the completion's are trained. */
    private static Messages joined(JsonNode row) {
        Messages prompt = Messages.of(row.get("prompt"), "/prompt");
        Messages completion = Messages.of(row.get("completion"), "/completion");
        return new Messages(
                Stream.concat(prompt.values().stream(), completion.values().stream())
                        .toList(),
                Stream.concat(prompt.trained().stream().map(_ -> false), completion.trained().stream())
                        .toList());
    }

    private static String string(JsonNode row, String key) {
        JsonNode value = row.path(key);
        if (!value.isString()) {
            throw new RowException("/" + key, "must be a text, and is " + Messages.shown(value));
        }
        return value.stringValue();
    }

    private static RowException unknown(JsonNode row) {
        String found = String.join(", ", row.propertyNames());
        String near = row.propertyNames().stream()
                .findFirst()
                .map(key -> "; did you mean "
                        + JsonKeys.nearest(key, List.of("messages", "prompt", "completion", "text")) + "?")
                .orElse("");
        return new RowException(
                "",
                "a row has messages, or prompt and completion, or text; this has "
                        + (found.isEmpty() ? "no key at all" : found) + near);
    }
}
