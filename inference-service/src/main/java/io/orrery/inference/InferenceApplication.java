package io.orrery.inference;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The inference-service as a process of its own; its settings are in {@code inference-service.yml}. */
@SpringBootApplication(proxyBeanMethods = false)
public class InferenceApplication {
    /** The name of this service's configuration file, which keeps four services in one JVM apart. */
    public static final String CONFIGURATION = "spring.config.name=inference-service";

    static void main(String[] args) {
        new SpringApplicationBuilder(InferenceApplication.class)
                .properties(CONFIGURATION)
                .run(args);
    }
}
