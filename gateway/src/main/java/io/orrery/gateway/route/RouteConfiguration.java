package io.orrery.gateway.route;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkerProperties.class)
class RouteConfiguration {
    @Bean
    MeterBinder liveWorkers(Workers workers) {
        return registry -> Gauge.builder("orrery.gateway.workers", workers, Workers::liveCount)
                .description("inference workers whose last report is fresh")
                .register(registry);
    }
}
