package io.orrery.engine.checkpoint.quantised;

import io.orrery.engine.checkpoint.CheckpointException;
import tools.jackson.databind.JsonNode;

/**
 * The configuration of a quantisation.
 *
 * @param source the folder, as messages name it
 * @param place the key or file that it stands under
 */
record Settings(String source, String place, JsonNode json) {
    /** A whole number under the first of some names that is there. @param otherwise where none is */
    int number(int otherwise, String... names) {
        for (String name : names) {
            JsonNode value = json.path(name);
            if (value.isNull() || value.isMissingNode()) {
                continue;
            }
            if (!value.isInt()) {
                throw refused(name, value, "it must be a whole number");
            }
            return value.intValue();
        }
        return otherwise;
    }

    boolean flag(String name, boolean otherwise) {
        JsonNode value = json.path(name);
        if (value.isNull() || value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw refused(name, value, "it must be true or false");
        }
        return value.booleanValue();
    }

    String text(String name, String otherwise) {
        JsonNode value = json.path(name);
        if (value.isNull() || value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isString()) {
            throw refused(name, value, "it must be a text");
        }
        return value.stringValue();
    }

    /** @param advice what the value must be, or what to do about it */
    CheckpointException refused(String name, Object value, String advice) {
        String shown = String.valueOf(value);
        return new CheckpointException(
                source,
                "'" + name + "' in " + place + " is " + (shown.length() <= 60 ? shown : shown.substring(0, 60) + "...")
                        + "; " + advice);
    }
}
