package io.orrery.api.finetune;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message about a job, under the job's id as key. It may come twice (its id tells) and is never the truth: the row is.
 *
 * @param id unique
 * @param job such as {@code ftjob-5f0c...}
 * @param project whose job it is
 * @param type on {@link #JOBS} and {@link #CONTROL} one of the constants here; on {@link #EVENTS} the event's type, {@code message} or
 *     {@code metrics}
 * @param status of the job on OpenAI's wire
 * @param message for people; absent on wake-ups
 * @param data of a metrics event
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobMessage(
        String id,
        String job,
        String project,
        String type,
        String status,
        @Nullable String message,
        @Nullable Map<String, Object> data,
        Instant at) {
    /** Wake-ups: there is something to validate or to run. */
    public static final String JOBS = "finetune.jobs";
    /** Orders to whoever runs a job. */
    public static final String CONTROL = "finetune.control";
    /** What happened. */
    public static final String EVENTS = "finetune.events";

    public static final String SUBMITTED = "submitted";
    public static final String QUEUED = "queued";
    public static final String CANCEL = "cancel";
}
