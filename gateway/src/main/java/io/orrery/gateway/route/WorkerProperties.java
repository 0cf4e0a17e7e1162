package io.orrery.gateway.route;

import io.orrery.api.inference.WorkerStatus;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where inference workers come from.
 *
 * @param workers addresses of workers that report nothing on Kafka and are taken for live at all times; none by default
 * @param workerStale how old a worker's last report may be before it is taken for dead
 */
@Validated
@ConfigurationProperties("orrery.gateway")
record WorkerProperties(
        @DefaultValue List<URI> workers,
        @DefaultValue(WorkerStatus.STALE_SECONDS + "s") Duration workerStale) {
    WorkerProperties {
        workers = List.copyOf(workers);
        if (!workerStale.isPositive()) {
            throw new IllegalArgumentException("orrery.gateway.worker-stale must be positive, but is " + workerStale);
        }
    }
}
