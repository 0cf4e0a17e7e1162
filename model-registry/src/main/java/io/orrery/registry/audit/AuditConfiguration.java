package io.orrery.registry.audit;

import io.orrery.registry.background.Loop;
import io.orrery.registry.background.Signal;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The log's settings, and the thread that forgets old lines. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuditProperties.class)
class AuditConfiguration {
    @Bean
    Loop auditLoop(AuditLog log, AuditProperties properties, Clock clock) {
        Loop.Setting setting = new Loop.Setting("registry-audit", Duration.ofHours(6), Duration.ofSeconds(5));
        return new Loop(setting, new Signal(), () -> {
            if (properties.retention().isPositive()) {
                log.forget(clock.instant().minus(properties.retention()));
            }
            return false;
        });
    }
}
