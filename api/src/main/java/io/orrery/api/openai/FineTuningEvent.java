package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * Something that happened to a job.
 *
 * @param object always {@link #OBJECT}
 * @param id such as {@code ftevent-17}
 * @param createdAt Unix seconds
 * @param level {@link #INFO}, {@link #WARN} or {@link #ERROR}
 * @param type {@link #MESSAGE}, or {@link #METRICS} with {@code step}, {@code total_steps}, {@code train_loss}, {@code learning_rate},
 *     {@code tokens_per_second} and, where measured, {@code valid_loss} in {@code data}
 */
public record FineTuningEvent(
        String object,
        String id,
        @JsonProperty("created_at") long createdAt,
        String level,
        String message,
        String type,
        Map<String, Object> data) {
    public static final String OBJECT = "fine_tuning.job.event";
    public static final String INFO = "info";
    public static final String WARN = "warn";
    public static final String ERROR = "error";
    public static final String MESSAGE = "message";
    public static final String METRICS = "metrics";

    public FineTuningEvent {
        data = Map.copyOf(data);
    }
}
