package io.orrery.inference.device;

import io.orrery.engine.generate.Engine;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Part of liveness: a process whose device has ended answers nothing any more, and only another process gets the device back. */
@Component
final class DeviceHealthIndicator implements HealthIndicator {
    private final Engine engine;

    DeviceHealthIndicator(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Health health() {
        return engine.isRunning()
                ? Health.up().build()
                : Health.down()
                        .withDetail("device", engine.device() + " has ended")
                        .build();
    }
}
