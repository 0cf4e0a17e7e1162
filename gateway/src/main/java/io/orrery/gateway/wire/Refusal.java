package io.orrery.gateway.wire;

import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/**
 * An answer of the gateway's own that is no success, before it takes a wire's shape. Immutable.
 *
 * @param code for programs, such as {@code invalid_api_key}
 * @param message for people: what was found and what to do
 * @param param the request's field at fault
 * @param hubCode {@code X-Error-Code} on the Hub's wire, by which its clients choose their exception
 * @param hubMessage {@code X-Error-Message} where clients compare it literally; the message where empty
 * @param retryAfter when trying again makes sense
 */
public record Refusal(
        HttpStatus status,
        String code,
        String message,
        Optional<String> param,
        Optional<String> hubCode,
        Optional<String> hubMessage,
        Optional<Duration> retryAfter) {
    public static Refusal of(HttpStatus status, String code, String message) {
        return new Refusal(
                status, code, message, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public Refusal withParam(String param) {
        return new Refusal(status, code, message, Optional.of(param), hubCode, hubMessage, retryAfter);
    }

    public Refusal withHubCode(String hubCode) {
        return new Refusal(status, code, message, param, Optional.of(hubCode), hubMessage, retryAfter);
    }

    public Refusal withHubMessage(String hubMessage) {
        return new Refusal(status, code, message, param, hubCode, Optional.of(hubMessage), retryAfter);
    }

    public Refusal withRetryAfter(Duration retryAfter) {
        return new Refusal(status, code, message, param, hubCode, hubMessage, Optional.of(retryAfter));
    }
}
