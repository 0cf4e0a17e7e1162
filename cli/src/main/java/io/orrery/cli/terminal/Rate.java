package io.orrery.cli.terminal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** How fast something moves: over its last seconds, so that what stalls is seen to. For one thread. */
final class Rate {
    private static final long WINDOW = Duration.ofSeconds(10).toNanos();
    private static final long APART = Duration.ofMillis(500).toNanos();
    private static final long SHORTEST = Duration.ofSeconds(1).toNanos();

    private record Sample(long at, long done) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** A second: nothing until there was one. @param now nanoseconds of any clock that does not go back */
    OptionalDouble perSecond(long now, long done) {
        if (!samples.isEmpty() && done < samples.getLast().done()) {
            samples.clear(); // something was thrown away and starts anew
        }
        if (samples.isEmpty() || now - samples.getLast().at() >= APART) {
            samples.add(new Sample(now, done));
        }
        while (samples.size() > 2 && now - samples.getFirst().at() > WINDOW) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        long elapsed = now - first.at();
        return elapsed < SHORTEST
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        (done - first.done()) * (double) Duration.ofSeconds(1).toNanos() / elapsed);
    }
}
