package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * A state of a job from which it can go on.
 *
 * @param object always {@link #OBJECT}
 * @param id such as {@code ftckpt_17}
 * @param createdAt Unix seconds
 * @param fineTunedModelCheckpoint the result's name and {@code :ckpt-step-N}; kept for resuming, not served
 * @param metrics those of the step, by OpenAI's names
 */
public record FineTuningCheckpoint(
        String object,
        String id,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("fine_tuned_model_checkpoint") String fineTunedModelCheckpoint,
        @JsonProperty("step_number") int stepNumber,
        @JsonProperty("fine_tuning_job_id") String jobId,
        Map<String, Object> metrics) {
    public static final String OBJECT = "fine_tuning.job.checkpoint";

    public FineTuningCheckpoint {
        metrics = Map.copyOf(metrics);
    }
}
