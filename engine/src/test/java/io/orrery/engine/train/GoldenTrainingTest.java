package io.orrery.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.model.WeightNames;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.tensor.Tensor;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Training runs of transformers and PEFT, step by step: losses, norms, learning rates, gradients, weights and moments. */
class GoldenTrainingTest {
    private enum Device {
        SCALAR(ScalarOps::new),
        CPU(() -> CpuOps.create(CpuOptions.defaults()));

        private final Supplier<Ops> open;

        Device(Supplier<Ops> open) {
            this.open = open;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "train-llama-lora-sft, const, SCALAR",
        "train-llama-lora-sft, const, CPU",
        "train-llama-lora-sft, cosine, CPU",
        "train-qwen3-lora-sft, const, SCALAR",
        "train-qwen3-lora-sft, const, CPU",
        "train-qwen3-lora-sft, cosine, CPU"
    })
    void loraTrainsAsPeftDoes(String name, String run, Device device) {
        try (GoldenTraining golden = new GoldenTraining(name);
                Ops ops = device.open.get();
                Trainer trainer = Trainer.of(
                        golden.frozen(ops), golden.adapter(run, ops), lora(golden, run), golden.examples())) {
            JsonNode log = golden.json().get("runs").get(run).get("log");
            assertThat(trainer.totalSteps()).isEqualTo(log.size());
            for (JsonNode logged : log) {
                golden.requireClose(logged, trainer.next());
                requireAdapter(golden, trainer, ops, run + ".step" + trainer.step() + ".");
            }
            assertThat(golden.tensorsOf(run + ".final.")).hasSize(28);
            requireAdapter(golden, trainer, ops, run + ".final.");
        }
    }

    private static Hyperparameters lora(GoldenTraining golden, String run) {
        JsonNode settings = golden.json().get("runs").get(run);
        return Hyperparameters.of(Map.of(
                "n_epochs",
                1,
                "batch_size",
                2,
                "gradient_accumulation",
                2,
                "shuffle",
                false,
                "learning_rate",
                settings.get("lr").doubleValue(),
                "weight_decay",
                settings.get("weight_decay").doubleValue(),
                "max_grad_norm",
                settings.get("max_grad_norm").doubleValue(),
                "schedule",
                run.equals("const") ? "constant" : "cosine",
                "warmup_steps",
                run.equals("const") ? 0 : 3));
    }

    private static void requireAdapter(GoldenTraining golden, Trainer trainer, Ops ops, String prefix) {
        for (String name : golden.tensorsOf(prefix)) {
            String peft = name.substring(prefix.length());
            String weight = GoldenTraining.ours(peft) + (peft.contains("lora_A") ? ".lora_a" : ".lora_b");
            golden.requireClose(name, ops.read(trainer.weights().get(weight)));
        }
    }

    @ParameterizedTest
    @CsvSource({"train-llama-full, SCALAR", "train-llama-full, CPU", "train-qwen3-full, SCALAR", "train-qwen3-full, CPU"
    })
    void everyWeightTrainsAsInTransformers(String name, Device device) {
        try (GoldenTraining golden = new GoldenTraining(name);
                Ops ops = device.open.get();
                Trainer trainer = Trainer.of(golden.trainable(ops), full(golden), golden.examples())) {
            for (JsonNode logged : golden.json().get("run").get("log")) {
                golden.requireClose(logged, trainer.next());
                if (trainer.step() == 1) {
                    requireAll(golden, trainer.gradients(), trainer, ops);
                }
            }
            for (String tensor : golden.tensorsOf("final.")) {
                golden.requireClose(tensor, ops.read(trainer.weights().get(ours(tensor.substring("final.".length())))));
            }
            golden.requireClose(
                    "adam.exp_avg.model.norm.weight", ops.read(trainer.state().get("m.output_norm.weight")));
            golden.requireClose(
                    "adam.exp_avg_sq.model.norm.weight",
                    ops.read(trainer.state().get("v.output_norm.weight")));
        }
    }

    private static Hyperparameters full(GoldenTraining golden) {
        JsonNode settings = golden.json().get("run");
        return Hyperparameters.of(Map.of(
                "full",
                true,
                "n_epochs",
                1,
                "batch_size",
                2,
                "shuffle",
                false,
                "learning_rate",
                settings.get("lr").doubleValue(),
                "weight_decay",
                settings.get("weight_decay").doubleValue(),
                "max_grad_norm",
                settings.get("max_grad_norm").doubleValue(),
                "schedule",
                "constant"));
    }

    private static void requireAll(GoldenTraining golden, Map<Tensor, Tensor> gradients, Trainer trainer, Ops ops) {
        assertThat(golden.tensorsOf("grad.")).hasSize(trainer.weights().size() + 1);
        for (String tensor : golden.tensorsOf("grad.")) {
            if (tensor.equals("grad.loss")) {
                continue;
            }
            Tensor weight = trainer.weights().get(ours(tensor.substring("grad.".length())));
            golden.requireClose(tensor, ops.read(gradients.get(weight)));
        }
    }

    private static String ours(String theirs) {
        return WeightNames.of("llama").fromHuggingFace(theirs).orElseThrow();
    }
}
