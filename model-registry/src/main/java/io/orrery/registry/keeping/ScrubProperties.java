package io.orrery.registry.keeping;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How contents are looked at for damage.
 *
 * @param rate bytes read a second; 0 looks only when an administrator asks, and then as fast as it goes
 * @param interval time between the starts of two rounds
 */
@ConfigurationProperties("orrery.registry.scrub")
record ScrubProperties(
        @DefaultValue("20MB") DataSize rate,
        @DefaultValue("7d") Duration interval) {
    ScrubProperties {
        if (rate.isNegative() || interval.isNegative()) {
            throw new IllegalArgumentException(
                    "orrery.registry.scrub.rate (" + rate + ") and interval (" + interval + ") must not be negative");
        }
    }
}
