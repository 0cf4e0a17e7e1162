package io.orrery.inference.worker;

import io.orrery.api.inference.WorkerStatus;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How this worker reports itself.
 *
 * @param workerId stable over restarts
 * @param workerUrl where gateways reach this process
 * @param reportEvery pause between two reports that nothing calls for
 * @param topicReplicas copies of the topic, where it has to be made
 */
@Validated
@ConfigurationProperties("orrery.inference")
record WorkerProperties(
        @DefaultValue("inference") String workerId,
        @DefaultValue("http://localhost:8082") URI workerUrl,
        @DefaultValue(WorkerStatus.INTERVAL_SECONDS + "s") Duration reportEvery,
        @DefaultValue("1") int topicReplicas) {
    WorkerProperties {
        if (workerId.isBlank()) {
            throw new IllegalArgumentException(
                    "orrery.inference.worker-id is blank; give each worker a name of its own");
        }
        if (!reportEvery.isPositive()) {
            throw new IllegalArgumentException(
                    "orrery.inference.report-every is " + reportEvery + ", but must be positive");
        }
    }
}
