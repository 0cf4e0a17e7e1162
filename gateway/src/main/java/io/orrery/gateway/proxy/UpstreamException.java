package io.orrery.gateway.proxy;

import io.orrery.gateway.wire.Refusal;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/** A target did not answer. */
class UpstreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How it did not. */
    enum Failure {
        /** No connection came about, so it knows nothing of the call. */
        NOT_REACHED,
        /** The connection broke before an answer began. */
        BROKE_OFF,
        /** No answer began in time. */
        TOO_SLOW,
        /** It failed so often lately that it was not asked. */
        LEFT_ALONE
    }

    private final Failure failure;

    UpstreamException(Failure failure, String message) {
        super(message);
        this.failure = failure;
    }

    UpstreamException(Failure failure, String message, Throwable cause) {
        super(message, cause);
        this.failure = failure;
    }

    /** Another may be quicker, but a call that was too slow for one is better not begun again. */
    boolean mayAskAnother() {
        return failure != Failure.TOO_SLOW;
    }

    Refusal refusal() {
        String message = String.valueOf(getMessage());
        return switch (failure) {
            case NOT_REACHED ->
                Refusal.of(HttpStatus.SERVICE_UNAVAILABLE, "upstream_unreachable", message)
                        .withRetryAfter(Duration.ofSeconds(2));
            case LEFT_ALONE ->
                Refusal.of(HttpStatus.SERVICE_UNAVAILABLE, "upstream_unavailable", message)
                        .withRetryAfter(Duration.ofSeconds(5));
            case BROKE_OFF -> Refusal.of(HttpStatus.BAD_GATEWAY, "upstream_failed", message);
            case TOO_SLOW -> Refusal.of(HttpStatus.GATEWAY_TIMEOUT, "upstream_timeout", message);
        };
    }
}
