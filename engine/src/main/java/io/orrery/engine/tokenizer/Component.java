package io.orrery.engine.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A part of a tokenizer.json with the place where it stands, so that what is wrong in it can be named.
 *
 * @param place as {@code decoder/decoders[1]}
 */
record Component(String place, JsonNode node) {
    Component {
        if (!node.isObject()) {
            throw new TokenizerException(
                    place + " of the tokenizer is " + node.getNodeType() + "; an object belongs there");
        }
    }

    /** The component of a key, or empty where it is absent or null. */
    static Optional<Component> optional(JsonNode parent, String key) {
        JsonNode node = parent.path(key);
        return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(new Component(key, node));
    }

    String type() {
        return text("type");
    }

    TokenizerException unknownType(String known) {
        return new TokenizerException(place + " of the tokenizer is of type " + Vocabulary.quoted(type())
                + ", which is not known here; known are " + known);
    }

    String text(String key) {
        JsonNode value = node.path(key);
        if (!value.isString()) {
            throw wrong(key, "a text");
        }
        return value.stringValue();
    }

    String text(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    /** A text of one character. */
    int character(String key) {
        String text = text(key);
        if (text.isEmpty() || text.codePointCount(0, text.length()) != 1) {
            throw wrong(key, "a single character");
        }
        return text.codePointAt(0);
    }

    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!node.path(key).isBoolean()) {
            throw wrong(key, "true or false");
        }
        return node.path(key).booleanValue();
    }

    int number(String key, int otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!node.path(key).canConvertToInt() || node.path(key).intValue() < 0) {
            throw wrong(key, "a whole number from 0 on");
        }
        return node.path(key).intValue();
    }

    List<Component> list(String key) {
        JsonNode array = node.path(key);
        if (!array.isArray()) {
            throw wrong(key, "a list");
        }
        List<Component> out = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            out.add(new Component(place + "/" + key + "[" + i + "]", array.get(i)));
        }
        return out;
    }

    Component child(String key) {
        if (!node.path(key).isObject()) {
            throw wrong(key, "an object");
        }
        return new Component(place + "/" + key, node.path(key));
    }

    /** {@code {"String": ...}} or {@code {"Regex": ...}}; old files have the text itself. */
    TextPattern pattern() {
        if (node.path("pattern").isString()) {
            return TextPattern.literal(text("pattern"));
        }
        Component pattern = child("pattern");
        if (pattern.has("Regex")) {
            return TextPattern.Regex.of(pattern.text("Regex"));
        }
        return TextPattern.literal(pattern.text("String"));
    }

    boolean has(String key) {
        return node.hasNonNull(key);
    }

    TokenizerException wrong(String key, String wanted) {
        JsonNode value = node.path(key);
        String found = value.isMissingNode() ? "missing" : Vocabulary.quoted(value.toString());
        return new TokenizerException(
                key + " of " + place + " in the tokenizer is " + found + "; it must be " + wanted);
    }
}
