package io.orrery.registry.audit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The audit log.
 *
 * @param retention age at which lines go; 0 keeps them for ever
 */
@Validated
@ConfigurationProperties("orrery.registry.audit")
record AuditProperties(@DefaultValue("1095d") Duration retention) {
    AuditProperties {
        if (retention.isNegative()) {
            throw new IllegalArgumentException(
                    "orrery.registry.audit.retention must not be negative, but is " + retention);
        }
    }
}
