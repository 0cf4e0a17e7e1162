package io.orrery.inference.access;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * The platform's identity.
 *
 * @param secret text of at least 32 bytes that all services share; tokens are signed with it
 */
@Validated
@ConfigurationProperties("orrery.identity")
record IdentityProperties(@NotNull @Size(min = 32) String secret) {
    byte[] bytes() {
        return secret.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "IdentityProperties[secret=***]";
    }
}
