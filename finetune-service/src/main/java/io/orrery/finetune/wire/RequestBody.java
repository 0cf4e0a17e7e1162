package io.orrery.finetune.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/** Reads small JSON bodies, and says of bad ones where and what. Thread-safe. */
@Component
public class RequestBody {
    private static final int MOST_BYTES = 1 << 20;

    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Throws a {@link RequestProblem} where the body is no such value. */
    public <T> T read(InputStream body, Class<T> type) throws IOException {
        byte[] bytes = body.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw RequestProblem.of(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "request_too_large",
                    "The request is larger than " + MOST_BYTES + " bytes; training data goes to /v1/files first.");
        }
        try {
            T value = json.readValue(bytes, type);
            if (value == null) {
                throw RequestProblem.of(HttpStatus.BAD_REQUEST, "invalid_json", "The body is null; send an object.");
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            throw unknown(e);
        } catch (StreamReadException e) {
            throw RequestProblem.of(
                    HttpStatus.BAD_REQUEST,
                    "invalid_json",
                    "The body is no JSON: line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage() + ".");
        } catch (DatabindException e) {
            throw RequestProblem.invalid(
                    path(e), "invalid_type", "'" + path(e) + "' has the wrong type: " + e.getOriginalMessage() + ".");
        }
    }

    private static RequestProblem unknown(UnrecognizedPropertyException e) {
        String known =
                e.getKnownPropertyIds().stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
        String hint = Nearest.to(
                        e.getPropertyName(),
                        e.getKnownPropertyIds().stream().map(String::valueOf).toList())
                .map(name -> "did you mean '" + name + "'?")
                .orElse("there are " + known + ".");
        return RequestProblem.invalid(path(e), "unknown_parameter", "Unknown parameter '" + path(e) + "'; " + hint);
    }

    private static String path(JacksonException e) {
        return e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."));
    }
}
