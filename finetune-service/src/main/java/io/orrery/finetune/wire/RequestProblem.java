package io.orrery.finetune.wire;

import java.util.Optional;
import org.springframework.http.HttpStatus;

/** Ends a request with OpenAI's error object. */
public final class RequestProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String code;
    private final transient Optional<String> param;

    private RequestProblem(HttpStatus status, String code, Optional<String> param, String message) {
        super(message);
        this.status = status;
        this.code = code;
        this.param = param;
    }

    public static RequestProblem of(HttpStatus status, String code, String message) {
        return new RequestProblem(status, code, Optional.empty(), message);
    }

    /** A field of the request that cannot be. */
    public static RequestProblem invalid(String param, String message) {
        return invalid(param, "invalid_value", message);
    }

    /** A field of the request that cannot be, with a code for programs. */
    public static RequestProblem invalid(String param, String code, String message) {
        return new RequestProblem(HttpStatus.BAD_REQUEST, code, Optional.of(param), message);
    }

    /** @param kind such as {@code file} */
    public static RequestProblem notFound(String kind, String id) {
        return of(HttpStatus.NOT_FOUND, "not_found", "There is no " + kind + " '" + id + "' in this project.");
    }

    public HttpStatus status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** The request's field at fault. */
    public Optional<String> param() {
        return param;
    }
}
