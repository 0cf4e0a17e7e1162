package io.orrery.finetune;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The finetune-service as a process of its own; its settings are in {@code finetune-service.yml}. */
@SpringBootApplication(proxyBeanMethods = false)
public class FinetuneApplication {
    /** The name of this service's configuration file, which keeps four services in one JVM apart. */
    public static final String CONFIGURATION = "spring.config.name=finetune-service";

    static void main(String[] args) {
        new SpringApplicationBuilder(FinetuneApplication.class)
                .properties(CONFIGURATION)
                .run(args);
    }
}
