package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Rope;
import io.orrery.engine.model.ModelSpec.Scaling;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Rotary positions in {@code config.json}: {@code rope_theta} and {@code rope_scaling} of transformers 4, or
 * {@code rope_parameters} of transformers 5, that holds both (source: {@code modeling_rope_utils.py}).
 */
final class RopeConfig {
    private static final double DEFAULT_THETA = 10_000;
    private static final int PHI3_ORIGINAL_CONTEXT = 4096;

    private RopeConfig() {}

    static Rope read(Config c, int headDim) {
        Config none = new Config(JsonNodeFactory.instance.objectNode());
        Config parameters =
                c.nested("rope_scaling").or(() -> c.nested("rope_parameters")).orElse(none);
        double theta = parameters.decimal("rope_theta", c.decimal("rope_theta", DEFAULT_THETA));
        double rotated = parameters.decimal("partial_rotary_factor", c.decimal("partial_rotary_factor", 1));
        return new Rope((int) (headDim * rotated), theta, scaling(c, parameters));
    }

    private static Scaling scaling(Config c, Config parameters) {
        String type = parameters
                .string("rope_type")
                .or(() -> parameters.string("type"))
                .orElse("default");
        return switch (type) {
            case "default" -> {
                requireFlat(parameters);
                yield new Scaling.None();
            }
            case "linear" -> new Scaling.Linear(parameters.decimal("factor"));
            case "llama3" ->
                new Scaling.Llama3(
                        parameters.decimal("factor"),
                        parameters.decimal("low_freq_factor"),
                        parameters.decimal("high_freq_factor"),
                        originalContext(c, parameters));
            case "longrope", "su" -> longRope(c, parameters);
            default ->
                throw new ModelException("rope_type '" + type
                        + "' in config.json is not supported; supported are default, linear, llama3 and longrope");
        };
    }

    /** The factor on the attention follows from how far the context is stretched, which is said or is a ratio. */
    private static Scaling longRope(Config c, Config parameters) {
        int original = originalContext(c, parameters);
        double factor = parameters.decimal("factor", (double) Families.contextLength(c.json()) / original);
        double attention = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        return new Scaling.LongRope(
                factors(parameters, "short_factor"), factors(parameters, "long_factor"), original, (float)
                        parameters.decimal("attention_factor", attention));
    }

    private static List<Float> factors(Config parameters, String key) {
        return parameters
                .decimals(key)
                .orElseThrow(() -> new ModelException("rope_type longrope in config.json needs a list '" + key + "'"));
    }

    /** Beside the parameters it counts before in them; Phi-3's class has it there even where the file does not say it. */
    private static int originalContext(Config c, Config parameters) {
        String key = "original_max_position_embeddings";
        if (c.json().hasNonNull(key)) {
            return c.size(key);
        }
        return c.string("model_type").orElse("").equals("phi3")
                ? PHI3_ORIGINAL_CONTEXT
                : parameters.size(key, Families.contextLength(c.json()));
    }

    private static void requireFlat(Config parameters) {
        if (parameters.has("full_attention") || parameters.has("sliding_attention")) {
            throw new ModelException(
                    "rope_parameters in config.json differ by layer type, which is not supported for this family");
        }
    }
}
