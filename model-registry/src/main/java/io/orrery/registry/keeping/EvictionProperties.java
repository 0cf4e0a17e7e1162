package io.orrery.registry.keeping;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How much of another hub is kept.
 *
 * @param most bytes of contents outside git that only mirrored repositories have; without it they all stay
 * @param grace what was used within it stays, whatever it takes; a content that is read is noted as used once an hour
 * @param interval time between two looks
 */
@Validated
@ConfigurationProperties("orrery.registry.eviction")
record EvictionProperties(
        @Nullable DataSize most,
        @DefaultValue("2h") Duration grace,
        @DefaultValue("10m") Duration interval) {
    EvictionProperties {
        if (most != null && most.isNegative()) {
            throw new IllegalArgumentException("orrery.registry.eviction.most must not be negative, but is " + most);
        }
        if (grace.isNegative() || !interval.isPositive()) {
            throw new IllegalArgumentException("orrery.registry.eviction.grace (" + grace
                    + ") must not be negative, and interval (" + interval + ") must be positive");
        }
    }
}
