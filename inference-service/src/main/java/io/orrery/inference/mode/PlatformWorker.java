package io.orrery.inference.mode;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Holds where this process is a worker of the platform, which is the case unless {@link LocalModel} holds. */
public class PlatformWorker implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return !new LocalModel().matches(context, metadata);
    }
}
