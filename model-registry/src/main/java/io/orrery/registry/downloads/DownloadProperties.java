package io.orrery.registry.downloads;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How downloads are counted.
 *
 * @param flush how long a count is only in memory, and so what a crash loses of them
 */
@Validated
@ConfigurationProperties("orrery.registry.downloads")
record DownloadProperties(@DefaultValue("5s") Duration flush) {
    DownloadProperties {
        if (!flush.isPositive()) {
            throw new IllegalArgumentException("orrery.registry.downloads.flush must be positive, but is " + flush);
        }
    }
}
