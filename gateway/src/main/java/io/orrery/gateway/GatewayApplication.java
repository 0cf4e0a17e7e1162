package io.orrery.gateway;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The gateway as a process of its own; its settings are in {@code gateway.yml}. */
@SpringBootApplication(proxyBeanMethods = false)
public class GatewayApplication {
    /** The name of this service's configuration file, which keeps four services in one JVM apart. */
    public static final String CONFIGURATION = "spring.config.name=gateway";

    static void main(String[] args) {
        new SpringApplicationBuilder(GatewayApplication.class)
                .properties(CONFIGURATION)
                .run(args);
    }
}
