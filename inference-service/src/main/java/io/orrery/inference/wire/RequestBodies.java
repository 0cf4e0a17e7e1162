package io.orrery.inference.wire;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Reads request bodies: bounded, strict about types, and easy about fields that it does not know. Thread-safe. */
@Component
public class RequestBodies {
    private static final int DEEPEST = 64;

    private final int maxBody;
    private final JsonMapper json;

    RequestBodies(WireProperties properties) {
        this.maxBody = Math.toIntExact(properties.maxRequest().toBytes());
        JsonFactory bounded = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxStringLength(maxBody)
                        .build())
                .build();
        this.json = JsonMapper.builder(bounded)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
    }

    /** @throws OpenAiProblem where the body is too large, no JSON, or has a field of the wrong type */
    public <T> T read(HttpServletRequest request, Class<T> type) throws IOException {
        byte[] body = request.getInputStream().readNBytes(maxBody + 1);
        if (body.length > maxBody) {
            throw OpenAiProblem.of(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "request_too_large",
                    "The body is larger than " + maxBody + " bytes; send a shorter one.");
        }
        try {
            T value = json.readValue(body, type);
            if (value == null) {
                throw noObject("null");
            }
            return value;
        } catch (MismatchedInputException e) {
            throw mismatch(e);
        } catch (JacksonException e) {
            TokenStreamLocation place = e.getLocation();
            String where = place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
            throw OpenAiProblem.of(
                    HttpStatus.BAD_REQUEST,
                    "invalid_json",
                    "The body is not JSON" + where + ": " + e.getOriginalMessage());
        }
    }

    private static OpenAiProblem noObject(String found) {
        return OpenAiProblem.of(
                HttpStatus.BAD_REQUEST, "invalid_json", "The body is " + found + "; a JSON object was expected.");
    }

    private static OpenAiProblem mismatch(MismatchedInputException e) {
        if (e.getPath().isEmpty()) {
            return noObject("no JSON object");
        }
        String param = path(e);
        return OpenAiProblem.of(HttpStatus.BAD_REQUEST, "invalid_type", param + " must be " + expected(e) + ".")
                .withParam(param);
    }

    private static String path(DatabindException e) {
        return e.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    private static String expected(MismatchedInputException e) {
        Class<?> type = e.getTargetType();
        if (type == null || type == Object.class) {
            return "of another type";
        }
        if (type == Integer.class || type == Long.class) {
            return "an integer";
        }
        if (type == Double.class) {
            return "a number";
        }
        if (type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a text";
        }
        return List.class.isAssignableFrom(type) ? "a list" : "an object";
    }
}
