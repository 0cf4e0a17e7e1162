package io.orrery.inference.mode;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Holds where one model of this machine is served, without registry, Kafka and gateway: {@code orrery.inference.local-model}. */
public class LocalModel implements Condition {
    private static final String PROPERTY = "orrery.inference.local-model";

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return !context.getEnvironment().getProperty(PROPERTY, "").isBlank();
    }
}
