package io.orrery.registry.conversion;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How models are converted.
 *
 * @param workers conversions that this process works on at once; 0 leaves them to others
 * @param threads that compute for one conversion
 * @param attempts how often a conversion is begun
 * @param lock how long Kafka waits for a word of a worker before it hands its conversion to another; brokers take 15 to 60 seconds
 * @param pause before a conversion that failed for a while is tried again; the second time it is twice as long
 * @param ring pause between looks at conversions of which workers are to be told again
 * @param ringAgain after which time workers are told again of a conversion that waits
 * @param open conversions of one caller that may wait or run
 * @param replicas of the topic, when it is made here
 */
@Validated
@ConfigurationProperties("orrery.registry.conversions")
record ConversionProperties(
        @DefaultValue("1") int workers,
        @DefaultValue("1") int threads,
        @DefaultValue("3") int attempts,
        @DefaultValue("30s") Duration lock,
        @DefaultValue("20s") Duration pause,
        @DefaultValue("5s") Duration ring,
        @DefaultValue("10m") Duration ringAgain,
        @DefaultValue("100") int open,
        @DefaultValue("1") short replicas) {
    private static final String PREFIX = "orrery.registry.conversions.";

    ConversionProperties {
        if (workers < 0) {
            throw new IllegalArgumentException(PREFIX + "workers must not be negative, but is " + workers);
        }
        requireOne("threads", threads);
        requireOne("attempts", attempts);
        requireOne("open", open);
        requireOne("replicas", replicas);
        requirePositive("lock", lock);
        requirePositive("pause", pause);
        requirePositive("ring", ring);
        requirePositive("ring-again", ringAgain);
    }

    /** Shorter than Kafka's lock: a conversion that is handed out again is then free. */
    Duration lease() {
        return lock.dividedBy(2);
    }

    private static void requireOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(PREFIX + name + " must be at least 1, but is " + value);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(PREFIX + name + " must be positive, but is " + value);
        }
    }
}
