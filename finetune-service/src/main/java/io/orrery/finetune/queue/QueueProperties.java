package io.orrery.finetune.queue;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How messages go out.
 *
 * @param partitions of the topic of events, when it is made here; wake-ups and control have one, which every worker reads
 * @param replicas of the topics, when they are made here
 * @param interval pause between looks at the outbox when nothing wakes the relay, and after a failure
 * @param timeout what a batch may take to be acknowledged
 */
@Validated
@ConfigurationProperties("orrery.finetune.queue")
record QueueProperties(
        @DefaultValue("3") int partitions,
        @DefaultValue("1") short replicas,
        @DefaultValue("5s") Duration interval,
        @DefaultValue("15s") Duration timeout) {
    QueueProperties {
        if (partitions < 1 || replicas < 1) {
            throw new IllegalArgumentException("orrery.finetune.queue.partitions (" + partitions + ") and replicas ("
                    + replicas + ") must be at least 1");
        }
        if (!interval.isPositive() || !timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "orrery.finetune.queue.interval (" + interval + ") and timeout (" + timeout + ") must be positive");
        }
    }
}
