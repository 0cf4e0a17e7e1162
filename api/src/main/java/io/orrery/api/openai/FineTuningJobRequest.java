package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/fine_tuning/jobs}.
 *
 * @param model the base, {@code REPO} or {@code REPO@REVISION}
 * @param trainingFile id of an uploaded file
 * @param validationFile id of an uploaded file
 * @param suffix 1 to 64 characters; names the result {@code PROJECT/SUFFIX}
 * @param seed 0 to 2147483647; drawn where absent
 * @param hyperparameters OpenAI's older place for them; those under {@code method} win
 * @param integrations must be absent or empty
 * @param lab what OpenAI's wire has no place for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FineTuningJobRequest(
        @Nullable String model,
        @JsonProperty("training_file") @Nullable String trainingFile,
        @JsonProperty("validation_file") @Nullable String validationFile,
        @Nullable String suffix,
        @Nullable Long seed,
        @Nullable Map<String, Object> hyperparameters,
        @Nullable Method method,
        @Nullable Map<String, String> metadata,
        @Nullable List<Object> integrations,
        @JsonProperty("x_lab") @Nullable Lab lab) {
    /** @param type {@code supervised}; the others are known, and refused by name */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Method(
            @Nullable String type,
            @Nullable Settings supervised,
            @Nullable Settings dpo,
            @Nullable Settings reinforcement) {}

    /** The settings of a method. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Settings(@Nullable Map<String, Object> hyperparameters) {}

    /** @param outputRepository where the result goes, {@code NAMESPACE/NAME} */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Lab(
            @JsonProperty("output_repository") @Nullable String outputRepository) {}
}
