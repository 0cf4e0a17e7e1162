package io.orrery.registry.policy;

import io.orrery.registry.background.Loop;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The rules' settings, and the thread that scans pickles. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PolicyProperties.class)
class PolicyConfiguration {
    @Bean
    Loop pickleLoop(PickleScanner scanner) {
        return new Loop(
                new Loop.Setting("registry-pickles", Duration.ofSeconds(30), Duration.ofSeconds(5)),
                scanner.signal(),
                scanner);
    }
}
