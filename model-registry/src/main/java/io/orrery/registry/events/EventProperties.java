package io.orrery.registry.events;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How events go out.
 *
 * @param partitions of the topic, when it is made here
 * @param replicas of the topic, when it is made here
 * @param interval pause between looks at the outbox when nothing wakes the relay, and after a failure
 * @param timeout what a batch may take to be acknowledged
 */
@Validated
@ConfigurationProperties("orrery.registry.events")
record EventProperties(
        @DefaultValue("3") int partitions,
        @DefaultValue("1") short replicas,
        @DefaultValue("5s") Duration interval,
        @DefaultValue("15s") Duration timeout) {
    EventProperties {
        if (partitions < 1 || replicas < 1) {
            throw new IllegalArgumentException("orrery.registry.events.partitions (" + partitions + ") and replicas ("
                    + replicas + ") must be at least 1");
        }
        if (!interval.isPositive() || !timeout.isPositive()) {
            throw new IllegalArgumentException("orrery.registry.events.interval (" + interval + ") and timeout ("
                    + timeout + ") must be positive");
        }
    }
}
