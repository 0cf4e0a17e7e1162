package io.orrery.registry.quota;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What a namespace may keep of which no administrator said otherwise.
 *
 * @param bytes of contents, each counted once a namespace; without it there is no limit
 * @param repositories of all types together; without it there is no limit
 */
@Validated
@ConfigurationProperties("orrery.registry.quota")
record QuotaProperties(@Nullable DataSize bytes, @Nullable Integer repositories) {
    QuotaProperties {
        if ((bytes != null && bytes.isNegative()) || (repositories != null && repositories < 0)) {
            throw new IllegalArgumentException("orrery.registry.quota.bytes (" + bytes + ") and repositories ("
                    + repositories + ") must not be negative");
        }
    }
}
