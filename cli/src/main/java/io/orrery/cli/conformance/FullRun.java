package io.orrery.cli.conformance;

import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.Network;
import io.orrery.engine.model.WeightNames;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import io.orrery.engine.train.Hyperparameters;
import io.orrery.engine.train.Trainer;
import java.util.List;
import java.util.Map;

/** Supervised fine-tuning of every weight, with the gradients of the first step. */
final class FullRun {
    private final GoldenCase golden;
    private final Checks checks;

    FullRun(GoldenCase golden, Checks checks) {
        this.golden = golden;
        this.checks = checks;
    }

    void check(Device device) {
        List.of("no_decay", "cross_check").forEach(name -> golden.value("/run/" + name));
        TrainingSteps steps = new TrainingSteps(golden, checks, "/run");
        try (ModelFiles base = ModelFiles.open(golden.folder().resolve("base"));
                Ops ops = device.open();
                Trainer trainer = Trainer.of(
                        Network.trainable(base.spec(), base.weights(), ops),
                        hyperparameters(steps),
                        steps.examples())) {
            checks.tensor("grad.loss", new float[] {(float) steps.loss(trainer, 0, steps.rows())});
            for (int i = 0; i < steps.count(); i++) {
                steps.step(trainer, i);
                if (i == 0) {
                    gradients(trainer, ops);
                }
            }
            named("final.", (name, ours) -> checks.tensor(name, ops.read(TrainingSteps.of(trainer.weights(), ours))));
            named(
                    "adam.exp_avg.",
                    (name, ours) -> checks.tensor(name, ops.read(TrainingSteps.of(trainer.state(), "m." + ours))));
            named(
                    "adam.exp_avg_sq.",
                    (name, ours) -> checks.tensor(name, ops.read(TrainingSteps.of(trainer.state(), "v." + ours))));
        }
    }

    private Hyperparameters hyperparameters(TrainingSteps steps) {
        return Hyperparameters.of(Map.of(
                "full", true,
                "n_epochs", 1,
                "shuffle", false,
                "batch_size", steps.rows(),
                "gradient_accumulation", steps.microBatches(),
                "learning_rate", number("lr"),
                "weight_decay", number("weight_decay"),
                "max_grad_norm", number("max_grad_norm"),
                "schedule", "constant"));
    }

    private double number(String name) {
        return golden.value("/run/" + name).asDouble(Double.NaN);
    }

    /** Those of a step of one micro-batch are those of its mean loss. */
    private void gradients(Trainer trainer, Ops ops) {
        Map<Tensor, Tensor> gradients = trainer.gradients();
        named("grad.", (name, ours) -> {
            if (!name.equals("grad.loss")) {
                checks.tensor(name, ops.read(TrainingSteps.of(gradients, TrainingSteps.of(trainer.weights(), ours))));
            }
        });
    }

    /** What to do with a tensor of the case and our name of the weight that it is about. */
    private interface Named {
        void compare(String name, String ours);
    }

    private void named(String prefix, Named each) {
        WeightNames names = golden.baseNames();
        for (String name :
                golden.tensorNames().filter(any -> any.startsWith(prefix)).toList()) {
            String theirs = name.substring(prefix.length());
            names.fromHuggingFace(theirs).ifPresent(ours -> each.compare(name, ours));
        }
    }
}
