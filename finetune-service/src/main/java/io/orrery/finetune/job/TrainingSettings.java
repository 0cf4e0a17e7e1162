package io.orrery.finetune.job;

import java.util.Map;

/** What the trainer says of settings before anything is run. */
public interface TrainingSettings {
    /** Throws {@link IllegalArgumentException} with a sentence where a key or a value cannot be. */
    void check(Map<String, Object> hyperparameters);
}
