package io.orrery.inference.wire;

import io.orrery.api.openai.OpenAiError;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Ends a request with OpenAI's error object. */
public final class OpenAiProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String code;
    private final @Nullable String param;
    private final @Nullable Duration retryAfter;

    private OpenAiProblem(
            HttpStatus status, String code, String message, @Nullable String param, @Nullable Duration retryAfter) {
        super(message);
        this.status = status;
        this.code = code;
        this.param = param;
        this.retryAfter = retryAfter;
    }

    /**
     * @param code for programs, such as {@code model_not_found}
     * @param message for people: what was found and what to do
     */
    public static OpenAiProblem of(HttpStatus status, String code, String message) {
        return new OpenAiProblem(status, code, message, null, null);
    }

    /** A field of the request is wrong. */
    public static OpenAiProblem invalid(String param, String message) {
        return new OpenAiProblem(HttpStatus.BAD_REQUEST, "invalid_value", message, param, null);
    }

    public OpenAiProblem withParam(String other) {
        return new OpenAiProblem(status, code, getMessage(), other, retryAfter);
    }

    public OpenAiProblem withRetryAfter(Duration wait) {
        return new OpenAiProblem(status, code, getMessage(), param, wait);
    }

    @Override
    public String getMessage() {
        return Optional.ofNullable(super.getMessage()).orElse("");
    }

    public HttpStatus status() {
        return status;
    }

    public String code() {
        return code;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    OpenAiError body() {
        return OpenAiError.of(status.value(), code, getMessage(), param);
    }
}
