package io.orrery.hub;

import io.orrery.api.hub.HubError;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Answers that are no success, and no answers at all, as exceptions. */
final class Refusal {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** {@code RateLimit: "api";r=0;t=55}: the window's rest in seconds. */
    private static final Pattern WINDOW = Pattern.compile("(?:^|;)\\s*t=(\\d{1,9})");

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private Refusal() {}

    static HubException of(HttpRequest request, HttpResponse<?> response, byte[] body) {
        String detail = message(body)
                .or(() -> response.headers().firstValue(HubError.MESSAGE))
                .orElse("no reason given");
        String code = response.headers().firstValue(HubError.CODE).orElse("");
        String message =
                request.method() + " " + request.uri().getPath() + " answered " + response.statusCode() + ": " + detail;
        return new HubException(
                response.statusCode(), code, message, detail, null, wait(response.headers(), Clock.systemUTC()));
    }

    /** When to come back, where the hub says so. */
    static Optional<Duration> wait(HttpHeaders headers, Clock clock) {
        return headers.firstValue("Retry-After")
                .map(String::strip)
                .flatMap(text -> SECONDS.matcher(text).matches()
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                        : until(text, clock))
                .or(() -> headers.firstValue("RateLimit")
                        .map(WINDOW::matcher)
                        .filter(Matcher::find)
                        .map(window -> Duration.ofSeconds(Long.parseLong(window.group(1)))));
    }

    private static Optional<Duration> until(String date, Clock clock) {
        try {
            Instant then = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(clock.instant(), then);
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> message(byte[] body) {
        try {
            return Optional.ofNullable(JSON.readTree(body))
                    .map(tree ->
                            tree.path("error").asString(tree.path("message").asString("")))
                    .filter(text -> !text.isEmpty());
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    static HubException unreachable(HttpRequest request, String reason, @Nullable Exception cause) {
        return new HubException(
                0,
                HubException.UNREACHABLE,
                "The hub at " + origin(request.uri()) + " did not answer " + request.method() + " "
                        + request.uri().getPath() + " (" + reason + "). Check its address and that it runs.",
                reason,
                cause);
    }

    static String reason(ExecutionException e) {
        Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
        if (cause instanceof ConnectException && cause.getMessage() == null) {
            return "nobody answers there";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getAuthority();
    }
}
