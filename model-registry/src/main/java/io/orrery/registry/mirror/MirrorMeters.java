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

    void received(int bytes) {
        meters.counter("orrery.mirror.upstream.bytes").increment(bytes);
    }

    /** A content was asked for, and was here or not. */
    void read(boolean isHere) {
        meters.counter("orrery.mirror.contents", "result", isHere ? "hit" : "miss")
                .increment();
    }

    void landingFailed(String reason) {
        meters.counter("orrery.mirror.landing.failures", "reason", reason).increment();
    }

    void failed() {
        meters.counter(REQUESTS, "status", "none").increment();
    }
}
