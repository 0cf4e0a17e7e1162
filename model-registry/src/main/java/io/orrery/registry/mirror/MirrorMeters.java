package io.orrery.registry.mirror;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** What is counted. */
@Component
class MirrorMeters {
    private static final String REQUESTS = "orrery.mirror.upstream.requests";

    private final MeterRegistry meters;

    MirrorMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    void answered(int status) {
        meters.counter(REQUESTS, "status", Integer.toString(status)).increment();
    }

    void failed() {
        meters.counter(REQUESTS, "status", "none").increment();
    }
}
