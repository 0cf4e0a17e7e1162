package io.orrery.engine.cuda;

import io.orrery.engine.ops.DeviceException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs where the CUDA driver shows a GPU; a GPU that cannot be used is a failure. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(EnabledIfGpu.Condition.class)
@interface EnabledIfGpu {
    /** Asks the driver. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            try {
                return Driver.devices().isEmpty()
                        ? ConditionEvaluationResult.disabled("the CUDA driver shows no GPU")
                        : ConditionEvaluationResult.enabled("there is a GPU");
            } catch (DeviceException e) {
                return ConditionEvaluationResult.disabled(e.getMessage());
            }
        }
    }
}
