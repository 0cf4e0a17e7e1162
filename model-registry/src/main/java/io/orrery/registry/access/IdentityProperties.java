package io.orrery.registry.access;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * The platform's identity.
 *
 * @param secret text of at least 32 bytes that all services share; tokens are signed with it
 */
@Validated
@ConfigurationProperties("orrery.identity")
public record IdentityProperties(@NotNull @Size(min = 32) String secret) {
    /** The key for HMAC-SHA-256. */
    public SecretKey key() {
        return new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    @Override
    public String toString() {
        return "IdentityProperties[secret=***]";
    }
}
