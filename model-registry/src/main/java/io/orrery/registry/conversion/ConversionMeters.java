package io.orrery.registry.conversion;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** How many conversions wait and run on all processes together, and how long those of this process took. */
@Component
class ConversionMeters {
    private final MeterRegistry meters;
    private final Map<Job.State, Long> open = new ConcurrentHashMap<>();

    ConversionMeters(MeterRegistry meters) {
        this.meters = meters;
        for (Job.State state : List.of(Job.State.QUEUED, Job.State.RUNNING)) {
            meters.gauge(
                    "orrery.conversions.open",
                    List.of(Tag.of("state", state.word())),
                    open,
                    counts -> counts.getOrDefault(state, 0L));
        }
    }

    void counted(Map<Job.State, Long> counts) {
        open.putAll(counts);
    }

    void ended(Kind kind, String result, Instant start) {
        Timer.builder("orrery.conversions.duration")
                .tag("kind", kind.word())
                .tag("result", result)
                .register(meters)
                .record(Duration.between(start, Instant.now()));
    }
}
