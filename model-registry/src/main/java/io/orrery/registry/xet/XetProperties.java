package io.orrery.registry.xet;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How chunks are looked for.
 *
 * @param indexWhole whether contents that came whole are cut into chunks too, so that uploads of others need not repeat them
 * @param interval how long the search for such contents rests when all are cut
 */
@Validated
@ConfigurationProperties("orrery.registry.xet")
record XetProperties(
        @DefaultValue("true") boolean indexWhole,
        @DefaultValue("5s") Duration interval) {
    XetProperties {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("orrery.registry.xet.interval must be positive, but is " + interval);
        }
    }
}
