package io.orrery.registry;

import java.time.Clock;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;

/** The model-registry as a process of its own; its settings are in {@code model-registry.yml}. */
@SpringBootApplication(proxyBeanMethods = false)
public class RegistryApplication {
    /** The name of this service's configuration file, which keeps four services in one JVM apart. */
    public static final String CONFIGURATION = "spring.config.name=model-registry";

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    static void main(String[] args) {
        new SpringApplicationBuilder(RegistryApplication.class)
                .properties(CONFIGURATION)
                .run(args);
    }
}
