package io.orrery.registry.mirror;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was not there a moment ago, so that it is not asked for again and again. Safe for many threads. */
final class Absences {
    private static final int MOST = 10_000;

    private final Clock clock;
    private final Duration absence;
    private final Map<Object, Instant> until = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Instant> eldest) {
            return size() > MOST;
        }
    };

    Absences(Clock clock, Duration absence) {
        this.clock = clock;
        this.absence = absence;
    }

    synchronized void add(Object what) {
        until.put(what, clock.instant().plus(absence));
    }

    synchronized boolean contains(Object what) {
        Instant end = until.get(what);
        if (end != null && !clock.instant().isBefore(end)) {
            until.remove(what);
            return false;
        }
        return end != null;
    }
}
