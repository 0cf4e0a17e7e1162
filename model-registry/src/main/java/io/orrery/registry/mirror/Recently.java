package io.orrery.registry.mirror;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was met a moment ago: so many things for so long. Safe for many threads. */
final class Recently {
    private static final int MOST = 10_000;

    private final Clock clock;
    private final Duration memory;
    private final Map<Object, Instant> until = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Instant> eldest) {
            return size() > MOST;
        }
    };

    Recently(Clock clock, Duration memory) {
        this.clock = clock;
        this.memory = memory;
    }

    synchronized void add(Object what) {
        until.put(what, clock.instant().plus(memory));
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
