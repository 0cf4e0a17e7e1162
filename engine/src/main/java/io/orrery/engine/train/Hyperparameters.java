package io.orrery.engine.train;

import io.orrery.engine.train.JsonKeys.Range;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that decides how a model is trained, resolved: {@code "auto"} and absent keys have become numbers. Defaults are
 * Unsloth's for LoRA (finetuning with rank and alpha 16 on all seven projections, learning rate 2e-4, linear decay) and
 * transformers' for the rest. Immutable.
 */
public record Hyperparameters(Method method, Passes passes, Optimizer optimizer, Decay decay, Milestones milestones) {
    /** What is trained. */
    public sealed interface Method {}

    /** Every weight of the model. */
    public record Full() implements Method {}

    /**
     * Low-rank deltas beside the frozen weights (Hu et al. 2021).
     *
     * @param dropout share of the inputs of A that are left out in training
     * @param targetModules projections by their last names, such as {@code q_proj}
     * @param rankStabilised scale alpha / sqrt(rank) instead of alpha / rank (Kalajdzievski 2023)
     */
    public record Lora(int rank, double alpha, double dropout, List<String> targetModules, boolean rankStabilised)
            implements Method {
        /** The projections of a decoder layer, in Hugging Face's order. */
        public static final List<String> ALL_LINEAR =
                List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

        public Lora {
            targetModules = List.copyOf(targetModules);
        }

        /** Factor on the delta. */
        public double scale() {
            return rankStabilised ? alpha / Math.sqrt(rank) : alpha / rank;
        }
    }

    /**
     * How the data is gone over.
     *
     * @param maxSteps steps at most; 0 for as many as the epochs make
     * @param batchSize examples of a micro-batch
     * @param gradientAccumulation micro-batches of a step
     * @param maxSequenceLength tokens of an example, of which the rest is cut off
     * @param seed of the order of examples, of new adapters and of dropout
     */
    public record Passes(
            int epochs,
            int maxSteps,
            int batchSize,
            int gradientAccumulation,
            int maxSequenceLength,
            boolean shuffle,
            long seed) {
        /** Examples of a step. */
        public int examplesPerStep() {
            return batchSize * gradientAccumulation;
        }
    }

    /**
     * AdamW.
     *
     * @param weightDecay not applied to biases and norms
     * @param maxGradientNorm global norm that gradients are clipped to; 0 for none
     */
    public record Optimizer(
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            double maxGradientNorm) {}

    /**
     * How the learning rate falls.
     *
     * @param warmupSteps where above 0, instead of the ratio
     * @param warmupRatio share of all steps
     * @param minimum share of the peak that it ends at, for {@code cosine_with_min_lr}
     */
    public record Decay(Schedule.Shape shape, int warmupSteps, double warmupRatio, double minimum) {
        /** Over so many steps in all. The warm-up is rounded up, as transformers does. */
        public Schedule over(int totalSteps) {
            int warmup = warmupSteps > 0 ? warmupSteps : (int) Math.ceil(warmupRatio * totalSteps);
            return new Schedule(shape, warmup, totalSteps, minimum);
        }
    }

    /**
     * When a run is kept and judged.
     *
     * @param checkpointSteps steps from one checkpoint to the next; 0 for ten over the run
     * @param checkpointsKept newest ones that stay
     * @param evaluationSteps steps from one validation to the next; 0 for once an epoch
     */
    public record Milestones(int checkpointSteps, int checkpointsKept, int evaluationSteps) {}

    /** All defaults: LoRA. */
    public static Hyperparameters defaults() {
        return of(Map.of());
    }

    /** @throws TrainingException with a sentence that names the key, what it is and what it may be */
    public static Hyperparameters of(Map<String, ?> json) {
        JsonKeys keys = new JsonKeys("", json);
        Method method = method(keys);
        Hyperparameters all =
                new Hyperparameters(method, passes(keys), optimizer(keys, method), decay(keys), milestones(keys));
        keys.finish();
        return all;
    }

    private static Method method(JsonKeys keys) {
        boolean full = keys.flag("full", false);
        Object lora = keys.value("lora").orElse(Map.of());
        if (!(lora instanceof Map<?, ?> values)) {
            throw keys.wrong("lora", lora, "an object of rank, alpha, dropout, target_modules and use_rslora");
        }
        if (full && !values.isEmpty()) {
            throw keys.wrong("full", true, "false where lora is given; leave one of the two out");
        }
        return full ? new Full() : lora(new JsonKeys("lora.", values));
    }

    private static Lora lora(JsonKeys keys) {
        int rank = keys.integer("rank", 16, 1, 1024);
        Lora lora = new Lora(
                rank,
                keys.decimal("alpha", rank, Range.above(0, 1e6)),
                keys.decimal("dropout", 0, Range.below(0, 1)),
                targets(keys),
                keys.flag("use_rslora", false));
        keys.finish();
        return lora;
    }

    private static List<String> targets(JsonKeys keys) {
        Object value = keys.value("target_modules").orElse("all-linear");
        if (value.equals("all-linear")) {
            return Lora.ALL_LINEAR;
        }
        if (value instanceof List<?> list && !list.isEmpty() && Lora.ALL_LINEAR.containsAll(list)) {
            return Lora.ALL_LINEAR.stream().filter(list::contains).toList();
        }
        throw keys.wrong("target_modules", value, "\"all-linear\" or a list of some of " + Lora.ALL_LINEAR);
    }

    private static Passes passes(JsonKeys keys) {
        return new Passes(
                keys.integerOrAuto("n_epochs", 3, 1, 10_000),
                keys.integer("max_steps", 0, 0, 100_000_000),
                keys.integerOrAuto("batch_size", 8, 1, 256),
                keys.integer("gradient_accumulation", 1, 1, 4096),
                keys.integer("max_seq_length", 2048, 2, 1 << 20),
                keys.flag("shuffle", true),
                keys.integer("seed", 3407, 0, Integer.MAX_VALUE));
    }

    private static Optimizer optimizer(JsonKeys keys, Method method) {
        double rate = keys.decimal("learning_rate", method instanceof Full ? 2e-5 : 2e-4, Range.above(0, 1));
        double multiplier = keys.decimalOrAuto("learning_rate_multiplier", 1, Range.above(0, 10_000));
        if (rate * multiplier > 1) {
            throw keys.wrong(
                    "learning_rate_multiplier", multiplier, "at most " + 1 / rate + ", for it multiplies " + rate);
        }
        return new Optimizer(
                rate * multiplier,
                keys.decimal("adam_beta1", 0.9, Range.below(0, 1)),
                keys.decimal("adam_beta2", 0.999, Range.below(0, 1)),
                keys.decimal("adam_epsilon", 1e-8, Range.above(0, 1)),
                keys.decimal("weight_decay", 0.001, Range.closed(0, 1)),
                keys.decimal("max_grad_norm", 1, Range.closed(0, 1e9)));
    }

    private static Decay decay(JsonKeys keys) {
        return new Decay(
                Schedule.Shape.of(keys.choice("schedule", Schedule.Shape.LINEAR.key(), Schedule.Shape.keys())),
                keys.integer("warmup_steps", 0, 0, 100_000_000),
                keys.decimal("warmup_ratio", 0, Range.closed(0, 1)),
                keys.decimal("min_lr_ratio", 0, Range.closed(0, 1)));
    }

    private static Milestones milestones(JsonKeys keys) {
        return new Milestones(
                keys.integer("checkpoint_steps", 0, 0, 100_000_000),
                keys.integer("checkpoints_kept", 3, 1, 1000),
                keys.integer("eval_steps", 0, 0, 100_000_000));
    }

    /** The resolved values under the keys of {@link #of}, which reads them back to an equal value. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        switch (method) {
            case Full _ -> json.put("full", true);
            case Lora lora -> json.put("lora", toJson(lora));
        }
        json.put("n_epochs", passes.epochs());
        json.put("max_steps", passes.maxSteps());
        json.put("batch_size", passes.batchSize());
        json.put("gradient_accumulation", passes.gradientAccumulation());
        json.put("max_seq_length", passes.maxSequenceLength());
        json.put("shuffle", passes.shuffle());
        json.put("seed", passes.seed());
        json.put("learning_rate", optimizer.learningRate());
        json.put("adam_beta1", optimizer.beta1());
        json.put("adam_beta2", optimizer.beta2());
        json.put("adam_epsilon", optimizer.epsilon());
        json.put("weight_decay", optimizer.weightDecay());
        json.put("max_grad_norm", optimizer.maxGradientNorm());
        json.put("schedule", decay.shape().key());
        json.put("warmup_steps", decay.warmupSteps());
        json.put("warmup_ratio", decay.warmupRatio());
        json.put("min_lr_ratio", decay.minimum());
        json.put("checkpoint_steps", milestones.checkpointSteps());
        json.put("checkpoints_kept", milestones.checkpointsKept());
        json.put("eval_steps", milestones.evaluationSteps());
        return json;
    }

    private static Map<String, Object> toJson(Lora lora) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rank", lora.rank());
        json.put("alpha", lora.alpha());
        json.put("dropout", lora.dropout());
        json.put("target_modules", lora.targetModules());
        json.put("use_rslora", lora.rankStabilised());
        return json;
    }
}
