package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fine-tuning job.
 *
 * @param id such as {@code ftjob-5f0c...}
 * @param object always {@link #OBJECT}
 * @param createdAt Unix seconds
 * @param finishedAt Unix seconds, null until it has ended
 * @param estimatedFinish Unix seconds, null until the worker knows its speed
 * @param model the base as it was asked for, {@code REPO} or {@code REPO@REVISION}
 * @param fineTunedModel what to ask for in a chat, null until it has succeeded
 * @param organizationId the project
 * @param status one of {@link Status}
 * @param trainingFile a file's id
 * @param validationFile a file's id, null without one
 * @param resultFiles always empty: the result is a repository, see {@link Lab}
 * @param trainedTokens tokens that counted in the loss, null until it trains
 * @param hyperparameters OpenAI's three, {@code auto} where the job names none
 * @param method with every setting
 * @param integrations always empty
 * @param suffix the last part of the result's name, null where the job named none
 * @param error why it failed, null where it did not
 * @param lab what OpenAI's wire has no place for
 */
public record FineTuningJob(
        String id,
        String object,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("finished_at") @Nullable Long finishedAt,
        @JsonProperty("estimated_finish") @Nullable Long estimatedFinish,
        String model,
        @JsonProperty("fine_tuned_model") @Nullable String fineTunedModel,
        @JsonProperty("organization_id") String organizationId,
        String status,
        @JsonProperty("training_file") String trainingFile,
        @JsonProperty("validation_file") @Nullable String validationFile,
        @JsonProperty("result_files") List<String> resultFiles,
        @JsonProperty("trained_tokens") @Nullable Long trainedTokens,
        Map<String, Object> hyperparameters,
        FineTuningMethod method,
        long seed,
        List<Object> integrations,
        Map<String, String> metadata,
        @JsonProperty("user_provided_suffix") @Nullable String suffix,
        @Nullable Error error,
        @JsonProperty("x_lab") Lab lab) {
    public static final String OBJECT = "fine_tuning.job";

    /** The values of {@link #status}. */
    public interface Status {
        String VALIDATING_FILES = "validating_files";
        String QUEUED = "queued";
        String RUNNING = "running";
        String SUCCEEDED = "succeeded";
        String FAILED = "failed";
        String CANCELLED = "cancelled";
    }

    /** @param param the request's field at fault, null where none is */
    public record Error(
            String code, String message, @Nullable String param) {}

    /**
     * What a lab wants to know besides.
     *
     * @param state finer than the status: {@code cancelling} while a worker is being stopped
     * @param queuePosition 1 for the job that is next, null unless queued
     * @param step optimiser steps done
     * @param totalSteps null until the worker knows
     * @param attempt how many times a worker has taken it
     * @param worker who runs it, null unless running
     * @param baseCommit 40-hex commit of the base
     * @param trainingSha256 hash of the training data
     * @param outputRepository where the result goes
     * @param outputCommit 40-hex commit of the result, null until it has succeeded
     */
    public record Lab(
            String state,
            @JsonProperty("queue_position") @Nullable Integer queuePosition,
            int step,
            @JsonProperty("total_steps") @Nullable Integer totalSteps,
            long attempt,
            @Nullable String worker,
            @JsonProperty("base_commit") @Nullable String baseCommit,
            @JsonProperty("training_sha256") String trainingSha256,
            @JsonProperty("output_repository") String outputRepository,
            @JsonProperty("output_commit") @Nullable String outputCommit) {}

    public FineTuningJob {
        resultFiles = List.copyOf(resultFiles);
        hyperparameters = Map.copyOf(hyperparameters);
        integrations = List.copyOf(integrations);
        metadata = Map.copyOf(metadata);
    }
}
