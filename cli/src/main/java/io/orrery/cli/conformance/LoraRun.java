package io.orrery.cli.conformance;

import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.model.LoraAdapter;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.Network;
import io.orrery.engine.model.WeightNames;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.train.Hyperparameters;
import io.orrery.engine.train.Trainer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Supervised fine-tuning of an adapter that the case begins with. */
final class LoraRun {
    private static final String PEFT_PREFIX = "base_model.model.";

    private final GoldenCase golden;
    private final Checks checks;
    private final String pointer;
    private final String adapter;
    private final String prefix;

    /**
     * @param pointer to the settings and the log
     * @param adapter folder of the adapter to begin with
     * @param prefix of the names of the tensors
     */
    private LoraRun(GoldenCase golden, Checks checks, String pointer, String adapter, String prefix) {
        this.golden = golden;
        this.checks = checks;
        this.pointer = pointer;
        this.adapter = adapter;
        this.prefix = prefix;
    }

    /** One of several runs of a case. */
    static LoraRun named(GoldenCase golden, Checks checks, String run) {
        return new LoraRun(golden, checks, "/runs/" + GoldenCase.escaped(run), "adapter-init-" + run, run + ".");
    }

    /** The run of a case that has no other. */
    static LoraRun only(GoldenCase golden, Checks checks) {
        return new LoraRun(golden, checks, "/run", "adapter-init", "");
    }

    void check(Device device) {
        List.of("optimizer", "loss", "cross_check", "rslora").forEach(name -> golden.value(pointer + "/" + name));
        TrainingSteps steps = new TrainingSteps(golden, checks, pointer);
        try (ModelFiles base = ModelFiles.open(golden.folder().resolve("base"));
                PeftAdapter initial = PeftAdapter.open(golden.folder().resolve(adapter));
                Ops ops = device.open()) {
            Network network = Network.frozen(base.spec(), base.weights(), ops);
            try (Trainer trainer =
                    Trainer.of(network, LoraAdapter.load(initial, network), hyperparameters(steps), steps.examples())) {
                train(trainer, steps, ops);
            }
        }
    }

    private void train(Trainer trainer, TrainingSteps steps, Ops ops) {
        for (int i = 0; i < steps.count(); i++) {
            steps.step(trainer, i);
            weights(trainer, ops, prefix + "step" + (i + 1) + ".");
        }
        weights(trainer, ops, prefix + "final.");
        afterwards(trainer, steps);
    }

    private Hyperparameters hyperparameters(TrainingSteps steps) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("n_epochs", 1);
        json.put("shuffle", false);
        json.put("batch_size", steps.rows());
        json.put("gradient_accumulation", steps.microBatches());
        json.put("learning_rate", number("lr"));
        json.put("weight_decay", number("weight_decay"));
        json.put("max_grad_norm", number("max_grad_norm"));
        boolean constant =
                golden.value(pointer + "/schedule").asString("constant").startsWith("constant");
        json.put("schedule", constant ? "constant" : "cosine");
        json.put("warmup_steps", constant ? 0 : warmup());
        return Hyperparameters.of(json);
    }

    private double number(String name) {
        return golden.value(pointer + "/" + name).asDouble(Double.NaN);
    }

    /** "linear warm-up 3 steps from 0 ...". */
    private int warmup() {
        String schedule = golden.value(pointer + "/schedule").asString("");
        return Integer.parseInt(schedule.replaceFirst("^\\D*(\\d+) steps.*$", "$1"));
    }

    private void weights(Trainer trainer, Ops ops, String start) {
        WeightNames names = golden.baseNames();
        for (String name :
                golden.tensorNames().filter(each -> each.startsWith(start)).toList()) {
            String module = name.substring(start.length() + PEFT_PREFIX.length(), name.indexOf(".lora_"));
            String projection = names.fromHuggingFace(module)
                    .orElseThrow(() -> new IllegalArgumentException(module + " is no projection of ours"));
            String side = name.contains(".lora_A.") ? ".lora_a" : ".lora_b";
            checks.tensor(name, ops.read(TrainingSteps.of(trainer.weights(), projection + side)));
        }
    }

    /** The loss that the trained adapter leaves on the first micro-batches. */
    private void afterwards(Trainer trainer, TrainingSteps steps) {
        String after = pointer + "/loss_after_training_first_4_microbatches";
        if (golden.peek(after).isNumber()) {
            checks.number(after, steps.loss(trainer, 0, 4 * steps.rows()), 1e-4);
        }
    }
}
