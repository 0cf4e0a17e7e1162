package io.orrery.inference.access;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Who may ask a local model.
 *
 * @param apiKey what clients must send as bearer token; without one everybody who reaches the port may ask
 */
@Validated
@ConfigurationProperties("orrery.inference")
record LocalKeyProperties(@Nullable String apiKey) {
    @Override
    public String toString() {
        return "LocalKeyProperties[apiKey=" + (apiKey == null ? "none" : "***") + "]";
    }
}
