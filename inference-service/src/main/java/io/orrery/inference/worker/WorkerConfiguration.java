package io.orrery.inference.worker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.orrery.inference.model.Models;
import java.util.function.ToDoubleFunction;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkerProperties.class)
class WorkerConfiguration {
    @Bean
    MeterBinder workerMeters(Models models) {
        return registry -> {
            record Meter(String name, String description, ToDoubleFunction<Models> value) {}
            for (Meter meter : new Meter[] {
                new Meter("running", "sequences being generated", Models::running),
                new Meter("waiting", "sequences that wait for their turn", Models::waiting),
                new Meter("cache.use", "part of its cache that the fullest model uses, 0 to 1", Models::cacheUse),
                new Meter("memory.used", "bytes that models and caches take", Models::memoryUsed),
                new Meter("memory.total", "bytes that they may take", Models::memoryTotal)
            }) {
                Gauge.builder("orrery.inference." + meter.name(), models, meter.value())
                        .description(meter.description())
                        .register(registry);
            }
        };
    }
}
