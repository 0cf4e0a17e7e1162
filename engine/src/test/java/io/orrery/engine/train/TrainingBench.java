package io.orrery.engine.train;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.model.ModelSpec;
import io.orrery.engine.model.Network;
import io.orrery.engine.model.Weights;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Tokens a second in training on this machine: {@code java ... io.orrery.engine.train.TrainingBench [threads]}. Not a test. */
final class TrainingBench {
    private static final int STEPS = 30;

    private TrainingBench() {}

    public static void main(String[] args) {
        int threads = args.length > 0
                ? Integer.parseInt(args[0])
                : Runtime.getRuntime().availableProcessors();
        ModelSpec.CausalLm spec = TinyLanguageModels.llama(600, 128, 352, 4, 4, 4);
        System.out.println(Weights.parameters(spec) + " parameters");
        try (Ops ops = CpuOps.create(new CpuOptions(threads, ActivationMode.F32))) {
            System.out.println(ops.device());
            Map<String, Tensor> weights = Network.initial(spec, 1, 0.05);
            for (int examples : new int[] {8, 32, 64}) {
                report(
                        "full, " + examples + " examples a step",
                        Network.trainable(spec, weights, ops),
                        Map.of("full", true, "batch_size", examples));
                report(
                        "LoRA, " + examples + " examples a step",
                        Network.frozen(spec, weights, ops),
                        Map.of("batch_size", examples));
            }
        }
    }

    private static void report(String name, Network network, Map<String, ?> options) {
        try (Trainer trainer = Trainer.of(network, Hyperparameters.of(options), examples(4096, 20, 60))) {
            for (int i = 0; i < STEPS; i++) {
                trainer.next();
            }
            long start = System.nanoTime();
            long tokens = 0;
            for (int i = 0; i < STEPS; i++) {
                tokens += trainer.next().tokens();
            }
            System.out.printf("%-32s %8.0f tokens/s%n", name, tokens / ((System.nanoTime() - start) / 1e9));
        }
        network.free();
    }

    private static List<Example> examples(int count, int shortest, int longest) {
        SplittableRandom random = new SplittableRandom(7);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(Example.of(
                    random.ints(random.nextInt(shortest, longest), 0, 600).toArray()));
        }
        return examples;
    }
}
