package io.orrery.registry.keeping;

import io.orrery.registry.background.Loop;
import io.orrery.registry.background.Signal;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The settings of the eviction, and its thread. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EvictionProperties.class)
class EvictionConfiguration {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Bean
    Loop evictionLoop(Eviction eviction, EvictionProperties properties) {
        return new Loop(new Loop.Setting("registry-eviction", properties.interval(), PATIENCE), new Signal(), () -> {
            if (properties.most() != null) {
                eviction.evict(properties.most().toBytes(), properties.grace());
            }
            return false;
        });
    }
}
