package io.orrery.finetune.job;

import io.orrery.api.openai.FineTuningEvent;
import java.util.Map;
import java.util.Optional;

/**
 * Something to be said of a job, before it is written.
 *
 * @param level as {@link FineTuningEvent}'s
 * @param step of metrics; a step that is told again replaces what was told of it
 */
public record JobNote(String level, String message, Map<String, Object> data, Optional<Integer> step) {
    public static JobNote info(String message) {
        return new JobNote(FineTuningEvent.INFO, message, Map.of(), Optional.empty());
    }

    public static JobNote warn(String message) {
        return new JobNote(FineTuningEvent.WARN, message, Map.of(), Optional.empty());
    }

    static JobNote error(String message) {
        return new JobNote(FineTuningEvent.ERROR, message, Map.of(), Optional.empty());
    }

    public static JobNote metrics(int step, String message, Map<String, Object> data) {
        return new JobNote(FineTuningEvent.INFO, message, data, Optional.of(step));
    }

    String type() {
        return step.isPresent() ? FineTuningEvent.METRICS : FineTuningEvent.MESSAGE;
    }
}
