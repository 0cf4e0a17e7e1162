package io.orrery.registry.keeping;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When what nobody needs is deleted.
 *
 * @param grace age that it must have; the time between the first upload for a commit and the commit must be shorter
 * @param interval time between two collections, over all processes; 0 collects only when an administrator asks
 * @param patience longest wait for transactions that are open when a collection starts
 */
@Validated
@ConfigurationProperties("orrery.registry.collection")
record CollectionProperties(
        @DefaultValue("24h") Duration grace,
        @DefaultValue("24h") Duration interval,
        @DefaultValue("10m") Duration patience) {
    CollectionProperties {
        if (grace.isNegative() || interval.isNegative()) {
            throw new IllegalArgumentException("orrery.registry.collection.grace (" + grace + ") and interval ("
                    + interval + ") must not be negative");
        }
        if (!patience.isPositive()) {
            throw new IllegalArgumentException(
                    "orrery.registry.collection.patience must be positive, but is " + patience);
        }
    }
}
