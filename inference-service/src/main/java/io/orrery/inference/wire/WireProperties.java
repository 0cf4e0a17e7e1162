package io.orrery.inference.wire;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits and patience towards clients.
 *
 * @param maxRequest largest body read
 * @param ping how long a stream is silent before a comment says that it is alive; the first errors within it are real HTTP errors
 * @param look how often a waiting request looks whether its client is still there
 * @param patience for one token of an answer, from when its model is ready
 */
@Validated
@ConfigurationProperties("orrery.inference")
public record WireProperties(
        @DefaultValue("64MB") DataSize maxRequest,
        @DefaultValue("5s") Duration ping,
        @DefaultValue("100ms") Duration look,
        @DefaultValue("10m") Duration patience) {
    public WireProperties {
        if (maxRequest.toBytes() <= 0 || maxRequest.toBytes() >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException("orrery.inference.max-request is " + maxRequest
                    + ", but must be between 1B and 2GB, since the body is held in memory");
        }
        positive("ping", ping);
        positive("look", look);
        positive("patience", patience);
    }

    private static void positive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("orrery.inference." + key + " is " + value + ", but must be positive");
        }
    }
}
