package io.orrery.registry.keeping;

import io.orrery.registry.background.Loop;
import io.orrery.registry.background.Signal;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The settings of the keeping, and its threads. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({CollectionProperties.class, ScrubProperties.class})
class KeepingConfiguration {
    private static final Duration LOOK = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String SCHEDULE = "schedule";

    @Bean
    Loop collectionLoop(Collector collector, CollectionRuns runs, CollectionProperties properties) {
        return new Loop(new Loop.Setting("registry-collection", LOOK, PATIENCE), new Signal(), () -> {
            if (properties.interval().isPositive() && runs.isDue(properties.interval())) {
                collector.collect(properties.grace()).ifPresent(done -> runs.note(done, SCHEDULE));
            }
            return false;
        });
    }

    @Bean
    Signal scrubSignal() {
        return new Signal();
    }

    @Bean
    Loop scrubLoop(Scrub scrub, Signal scrubSignal) {
        return new Loop(new Loop.Setting("registry-scrub", LOOK, PATIENCE), scrubSignal, scrub::once);
    }
}
