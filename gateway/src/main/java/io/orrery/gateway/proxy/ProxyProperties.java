package io.orrery.gateway.proxy;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Patience and limits of the proxy.
 *
 * @param connectTimeout for a connection to a service
 * @param firstByte for a service's answer to begin, counted from the end of the request's body
 * @param inferenceFirstByte the same for inference, where a model may have to be loaded and an answer without streaming is computed
 *     whole first
 * @param idle between two bytes of an answer, or of a request's body on its way to the service
 * @param maxModelRequest the largest body of a request that names a model, which is read whole before it is passed on
 * @param attempts how many workers at most are asked before the first byte
 * @param retryPause before the second of them; each further pause is half as long again
 * @param breaker when a service that fails is left alone
 */
@Validated
@ConfigurationProperties("orrery.gateway.proxy")
record ProxyProperties(
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("120s") Duration firstByte,
        @DefaultValue("600s") Duration inferenceFirstByte,
        @DefaultValue("300s") Duration idle,
        @DefaultValue("64MB") DataSize maxModelRequest,
        @DefaultValue("3") int attempts,
        @DefaultValue("50ms") Duration retryPause,
        @DefaultValue Breaker breaker) {
    ProxyProperties {
        positive("connect-timeout", connectTimeout);
        positive("first-byte", firstByte);
        positive("inference-first-byte", inferenceFirstByte);
        positive("idle", idle);
        positive("retry-pause", retryPause);
        if (maxModelRequest.toBytes() <= 0 || maxModelRequest.toBytes() >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException("orrery.gateway.proxy.max-model-request is " + maxModelRequest
                    + ", but must be between 1B and 2GB, since the body is held in memory");
        }
        if (attempts < 1) {
            throw new IllegalArgumentException(
                    "orrery.gateway.proxy.attempts is " + attempts + ", but must be 1 or more");
        }
    }

    /**
     * When a service that fails is left alone. A failure is a connection that cannot be made, breaks or stays silent; an answer,
     * whatever its status, is none.
     *
     * @param failures so many within the window, and at least half of the calls
     * @param window over which calls are counted
     * @param open for how long the service is then left alone
     * @param trials so many calls after that decide whether it is well again
     */
    record Breaker(
            @DefaultValue("5") int failures,
            @DefaultValue("60s") Duration window,
            @DefaultValue("5s") Duration open,
            @DefaultValue("2") int trials) {
        Breaker {
            positive("breaker.window", window);
            positive("breaker.open", open);
            if (failures < 1 || trials < 1) {
                throw new IllegalArgumentException("orrery.gateway.proxy.breaker.failures (" + failures
                        + ") and .trials (" + trials + ") must be 1 or more");
            }
        }
    }

    private static void positive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(
                    "orrery.gateway.proxy." + key + " is " + value + ", but must be positive");
        }
    }
}
