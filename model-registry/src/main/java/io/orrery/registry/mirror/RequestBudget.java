package io.orrery.registry.mirror;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the other hub lets one identity ask, which all requests of the mirror share: until when it wants none, by its headers
 * {@code Retry-After} and {@code RateLimit: "api";r=0;t=55}. Safe for many threads.
 */
final class RequestBudget {
    private static final int TOO_MANY = 429;
    private static final Duration UNSAID = Duration.ofSeconds(5);
    /** Nobody is believed who wants to be left alone for longer. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final Pattern LIMIT = Pattern.compile(".*;\\s*r=(\\d{1,9})\\s*;\\s*t=(\\d{1,9}).*");

    private final Clock clock;
    private volatile Instant notBefore = Instant.MIN;

    RequestBudget(Clock clock) {
        this.clock = clock;
    }

    /** How long a request would have to wait now. */
    Duration wait(Instant now) {
        return now.isBefore(notBefore) ? Duration.between(now, notBefore) : Duration.ZERO;
    }

    /** Takes in what an answer says about the next request. */
    void heed(int status, HttpHeaders headers) {
        Optional<Duration> limit = headers.firstValue("RateLimit").flatMap(RequestBudget::exhausted);
        if (status == TOO_MANY) {
            pause(headers.firstValue("Retry-After")
                    .flatMap(this::seconds)
                    .or(() -> limit)
                    .orElse(UNSAID));
        } else {
            limit.ifPresent(this::pause);
        }
    }

    private void pause(Duration wait) {
        Instant until = clock.instant().plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
        synchronized (this) {
            notBefore = until.isAfter(notBefore) ? until : notBefore;
        }
    }

    /** Empty where something is left. */
    private static Optional<Duration> exhausted(String header) {
        Matcher limit = LIMIT.matcher(header);
        return limit.matches() && Long.parseLong(limit.group(1)) == 0
                ? Optional.of(Duration.ofSeconds(Long.parseLong(limit.group(2))))
                : Optional.empty();
    }

    private Optional<Duration> seconds(String header) {
        if (header.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(header)));
        }
        return Optional.ofNullable(date(header))
                .map(date -> Duration.between(clock.instant(), date))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }

    private static @Nullable Instant date(String header) {
        try {
            return ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
