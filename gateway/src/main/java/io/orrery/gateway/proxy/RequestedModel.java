package io.orrery.gateway.proxy;

import io.orrery.gateway.wire.Refusal;
import io.orrery.gateway.wire.RefusedException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.json.JsonMapper;

/** Finds {@code model} in a request's body, without building a tree of it: prompts are large. Thread-safe. */
@Component
class RequestedModel {
    private final JsonMapper json;

    RequestedModel(JsonMapper json) {
        this.json = json;
    }

    /** @throws RefusedException where the body names none */
    String in(byte[] body) {
        try (JsonParser parser = json.createParser(body)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw invalid("The body is " + (first == null ? "empty" : "no JSON object")
                        + "; send one, such as {\"model\": \"...\", \"messages\": [...]}.");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean isModel = "model".equals(parser.currentName());
                JsonToken value = parser.nextToken();
                if (isModel) {
                    return text(value, parser);
                }
                parser.skipChildren();
            }
        } catch (JacksonException e) {
            TokenStreamLocation place = e.getLocation();
            String where = place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
            throw invalid("The body is not JSON" + where + ": " + e.getOriginalMessage());
        }
        throw new RefusedException(Refusal.of(
                        HttpStatus.BAD_REQUEST,
                        "missing_required_parameter",
                        "The body has no \"model\"; name one that GET /v1/models lists.")
                .withParam("model"));
    }

    private static String text(JsonToken value, JsonParser parser) {
        if (value != JsonToken.VALUE_STRING || parser.getString().isBlank()) {
            throw new RefusedException(Refusal.of(
                            HttpStatus.BAD_REQUEST,
                            "invalid_type",
                            "\"model\" must be a text that names a model, such as one that GET /v1/models lists.")
                    .withParam("model"));
        }
        return parser.getString();
    }

    private static RefusedException invalid(String message) {
        return new RefusedException(Refusal.of(HttpStatus.BAD_REQUEST, "invalid_json", message));
    }
}
