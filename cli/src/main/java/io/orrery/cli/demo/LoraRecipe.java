package io.orrery.cli.demo;

import java.util.Map;

/** The hyperparameters of the demo's job, as its body carries them. */
final class LoraRecipe {
    static final Map<String, Object> VALUES = Map.of(
            "lora",
            Map.of("rank", 32, "alpha", 32),
            "max_steps",
            400,
            "batch_size",
            128,
            "learning_rate",
            3e-3,
            "schedule",
            "linear",
            "warmup_steps",
            10);

    private LoraRecipe() {}
}
