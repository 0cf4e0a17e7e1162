package io.orrery.api.openai;

import java.util.Map;

/**
 * How a model is tuned.
 *
 * @param type {@link #SUPERVISED}
 * @param supervised its settings
 */
public record FineTuningMethod(String type, Supervised supervised) {
    public static final String SUPERVISED = "supervised";

    /** @param hyperparameters OpenAI's three and the engine's own, such as {@code lora} or {@code max_seq_length} */
    public record Supervised(Map<String, Object> hyperparameters) {
        public Supervised {
            hyperparameters = Map.copyOf(hyperparameters);
        }
    }

    public static FineTuningMethod supervised(Map<String, Object> hyperparameters) {
        return new FineTuningMethod(SUPERVISED, new Supervised(hyperparameters));
    }
}
