package io.orrery.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.train.Hyperparameters.Decay;
import io.orrery.engine.train.Hyperparameters.Full;
import io.orrery.engine.train.Hyperparameters.Lora;
import io.orrery.engine.train.Hyperparameters.Milestones;
import io.orrery.engine.train.Hyperparameters.Optimizer;
import io.orrery.engine.train.Hyperparameters.Passes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HyperparametersTest {
    @Test
    void defaultsArePinned() {
        assertThat(Hyperparameters.defaults())
                .isEqualTo(new Hyperparameters(
                        new Lora(16, 16, 0, Lora.ALL_LINEAR, false),
                        new Passes(3, 0, 8, 1, 2048, true, 3407),
                        new Optimizer(2e-4, 0.9, 0.999, 1e-8, 0.001, 1),
                        new Decay(Schedule.Shape.LINEAR, 0, 0, 0),
                        new Milestones(0, 3, 0)));
        assertThat(Hyperparameters.of(Map.of("full", true)).optimizer().learningRate())
                .isEqualTo(2e-5);
    }

    @Test
    void everyKeyIsMapped() {
        Map<String, Object> json = Map.ofEntries(
                Map.entry(
                        "lora",
                        Map.of(
                                "rank",
                                8,
                                "alpha",
                                32,
                                "dropout",
                                0.05,
                                "target_modules",
                                List.of("v_proj", "q_proj"),
                                "use_rslora",
                                true)),
                Map.entry("n_epochs", 2),
                Map.entry("max_steps", 50),
                Map.entry("batch_size", 4),
                Map.entry("gradient_accumulation", 3),
                Map.entry("max_seq_length", 512),
                Map.entry("shuffle", false),
                Map.entry("seed", 7),
                Map.entry("learning_rate", 1e-3),
                Map.entry("learning_rate_multiplier", 0.5),
                Map.entry("adam_beta1", 0.8),
                Map.entry("adam_beta2", 0.99),
                Map.entry("adam_epsilon", 1e-6),
                Map.entry("weight_decay", 0.1),
                Map.entry("max_grad_norm", 0),
                Map.entry("schedule", "cosine_with_min_lr"),
                Map.entry("warmup_steps", 5),
                Map.entry("warmup_ratio", 0.1),
                Map.entry("min_lr_ratio", 0.2),
                Map.entry("checkpoint_steps", 10),
                Map.entry("checkpoints_kept", 2),
                Map.entry("eval_steps", 25));
        Hyperparameters all = Hyperparameters.of(json);
        assertThat(all)
                .isEqualTo(new Hyperparameters(
                        new Lora(8, 32, 0.05, List.of("q_proj", "v_proj"), true),
                        new Passes(2, 50, 4, 3, 512, false, 7),
                        new Optimizer(5e-4, 0.8, 0.99, 1e-6, 0.1, 0),
                        new Decay(Schedule.Shape.COSINE_WITH_MIN_LR, 5, 0.1, 0.2),
                        new Milestones(10, 2, 25)));
        assertThat(all.toJson().keySet())
                .containsAll(json.keySet().stream()
                        .filter(key -> !key.equals("learning_rate_multiplier"))
                        .toList());
    }

    @Test
    void resolvedValuesReadBackAsThemselves() {
        Hyperparameters lora = Hyperparameters.of(Map.of("learning_rate_multiplier", 3, "batch_size", "auto"));
        assertThat(Hyperparameters.of(lora.toJson())).isEqualTo(lora);
        Hyperparameters full = Hyperparameters.of(Map.of("full", true, "schedule", "constant"));
        assertThat(full.method()).isEqualTo(new Full());
        assertThat(Hyperparameters.of(full.toJson())).isEqualTo(full);
    }

    @Test
    void openAisAutoIsTheDefault() {
        assertThat(Hyperparameters.of(
                        Map.of("n_epochs", "auto", "batch_size", "auto", "learning_rate_multiplier", "auto")))
                .isEqualTo(Hyperparameters.defaults());
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatIsWrongIsSaidInASentence(Map<String, Object> json, String sentence) {
        assertThatThrownBy(() -> Hyperparameters.of(json))
                .isInstanceOfSatisfying(
                        TrainingException.class,
                        e -> assertThat(e.reason()).isEqualTo(TrainingException.Cause.HYPERPARAMETERS))
                .hasMessage(sentence);
    }

    static Object[][] wrong() {
        return new Object[][] {
            {Map.of("n_epoch", 3), "n_epoch is not a hyperparameter; did you mean n_epochs?"},
            {Map.of("lora", Map.of("rnak", 3)), "lora.rnak is not a hyperparameter; did you mean lora.rank?"},
            {Map.of("n_epochs", 0), "n_epochs is 0; it must be a whole number from 1 to 10000"},
            {Map.of("n_epochs", 1.5), "n_epochs is 1.5; it must be a whole number from 1 to 10000"},
            {Map.of("batch_size", "many"), "batch_size is \"many\"; it must be a whole number from 1 to 256"},
            {Map.of("max_steps", "auto"), "max_steps is \"auto\"; it must be a whole number from 0 to 100000000"},
            {Map.of("learning_rate", -1), "learning_rate is -1; it must be a number above 0 to 1"},
            {Map.of("learning_rate", Double.NaN), "learning_rate is NaN; it must be a number above 0 to 1"},
            {Map.of("lora", Map.of("dropout", 1)), "lora.dropout is 1; it must be a number from 0 to below 1"},
            {Map.of("shuffle", "yes"), "shuffle is \"yes\"; it must be true or false"},
            {
                Map.of("schedule", "cosin"),
                "schedule is \"cosin\"; it must be one of [constant, linear, cosine, cosine_with_min_lr]"
            },
            {
                Map.of("learning_rate_multiplier", 6000),
                "learning_rate_multiplier is 6000.0; it must be at most 5000.0, for it multiplies 2.0E-4"
            },
            {
                Map.of("lora", Map.of("target_modules", List.of("qproj"))),
                "lora.target_modules is [qproj]; it must be \"all-linear\" or a list of some of " + Lora.ALL_LINEAR
            },
            {
                Map.of("full", true, "lora", Map.of("rank", 4)),
                "full is true; it must be false where lora is given; leave one of the two out"
            },
            {
                Map.of("lora", 16),
                "lora is 16; it must be an object of rank, alpha, dropout, target_modules and use_rslora"
            },
        };
    }
}
