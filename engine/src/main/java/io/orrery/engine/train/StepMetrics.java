package io.orrery.engine.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What one optimiser step did.
 *
 * @param step 1 for the first
 * @param epoch passes over the data so far, such as 1.5
 * @param loss mean negative log likelihood of the trained tokens of the step, in nats, before its update
 * @param gradientNorm global L2 norm before clipping
 * @param tokens computed in the step
 * @param trainedTokens of them, those with a label
 * @param validation of the validation set after the update, where it was due
 */
public record StepMetrics(
        int step,
        int totalSteps,
        double epoch,
        double loss,
        double gradientNorm,
        double learningRate,
        int tokens,
        int trainedTokens,
        double tokensPerSecond,
        Validation validation) {
    /**
     * Of a validation set.
     *
     * @param loss mean over its trained tokens; empty where it was not measured
     * @param accuracy share of them that the model likes best
     */
    public record Validation(OptionalDouble loss, OptionalDouble accuracy) {
        public static final Validation NONE = new Validation(OptionalDouble.empty(), OptionalDouble.empty());
    }

    StepMetrics with(Validation measured) {
        return new StepMetrics(
                step,
                totalSteps,
                epoch,
                loss,
                gradientNorm,
                learningRate,
                tokens,
                trainedTokens,
                tokensPerSecond,
                measured);
    }

    /** Keys as transformers' log history and OpenAI's checkpoints name them. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("step", step);
        json.put("total_steps", totalSteps);
        json.put("epoch", epoch);
        json.put("train_loss", loss);
        json.put("grad_norm", gradientNorm);
        json.put("learning_rate", learningRate);
        json.put("tokens", tokens);
        json.put("trained_tokens", trainedTokens);
        json.put("tokens_per_second", tokensPerSecond);
        validation.loss().ifPresent(value -> json.put("valid_loss", value));
        validation.accuracy().ifPresent(value -> json.put("valid_mean_token_accuracy", value));
        return json;
    }
}
