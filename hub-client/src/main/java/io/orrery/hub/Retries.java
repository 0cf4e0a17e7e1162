package io.orrery.hub;

import java.time.Duration;
import java.util.Optional;

/**
 * How often and how long what may succeed later is tried again. The pauses double; a hub that says when to come back is waited for, up to
 * ten times the longest pause.
 *
 * @param transfers tries of a file's bytes in a row that bring nothing
 * @param questions tries of a request that moves no file
 * @param first pause after the first failure
 * @param longest pause between two tries
 */
public record Retries(int transfers, int questions, Duration first, Duration longest) {
    private static final int MOST_ASKED = 10;

    /** For services: a question that fails is for its asker to repeat. */
    public static final Retries DEFAULT = new Retries(5, 1, Duration.ofMillis(200), Duration.ofSeconds(10));

    /** For a person who waits: a connection may be away for about a minute. */
    public static final Retries PATIENT = new Retries(9, 5, Duration.ofMillis(500), Duration.ofSeconds(20));

    /** The pause after so many failures in a row; empty where the hub asks for a longer one than is waited for. */
    Optional<Duration> pause(int failures, Optional<Duration> asked) {
        if (asked.isPresent()) {
            return asked.filter(wanted -> wanted.compareTo(longest.multipliedBy(MOST_ASKED)) <= 0);
        }
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, 20));
        return Optional.of(doubled.compareTo(longest) < 0 ? doubled : longest);
    }
}
