package io.orrery.engine.train;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.model.ModelSpec;
import io.orrery.engine.model.Network;
import io.orrery.engine.model.Weights;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Tokens a second in training on this machine: {@code java ... io.orrery.engine.train.TrainingBench [threads]}; with {@code lora}
 * behind it, LoRA of a model of 59 million parameters over sequences of 512 tokens, with {@code profile}, the time of each
 * operation of that. Not a test.
 */
final class TrainingBench {
    private static final int STEPS = 30;

    private TrainingBench() {}

    public static void main(String[] args) {
        int threads = args.length > 0
                ? Integer.parseInt(args[0])
                : Runtime.getRuntime().availableProcessors();
        if (args.length > 1) {
            lora(threads, args[1].equals("profile"));
            return;
        }
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

    /** A step is one example of 512 tokens. */
    private static void lora(int threads, boolean profile) {
        ModelSpec.CausalLm spec = TinyLanguageModels.llama(32_000, 512, 1408, 8, 8, 8);
        System.out.println(Weights.parameters(spec) + " parameters");
        Map<String, Tensor> weights = Network.initial(spec, 1, 0.05);
        try (Ops ops = CpuOps.create(new CpuOptions(threads, ActivationMode.F32))) {
            System.out.println(ops.device());
            Map<String, long[]> nanos = new TreeMap<>();
            Ops timed = profile ? timed(ops, nanos) : ops;
            Network network = Network.frozen(spec, weights, timed);
            Hyperparameters options =
                    Hyperparameters.of(Map.of("batch_size", 1, "max_seq_length", 512, "lora", Map.of("rank", 16)));
            try (Trainer trainer = Trainer.of(network, options, examples(64, 32_000, 512, 513))) {
                double[] speeds = new double[10];
                for (int i = -3; i < speeds.length; i++) {
                    double speed = trainer.next().tokensPerSecond();
                    if (i >= 0) {
                        speeds[i] = speed;
                    } else {
                        nanos.clear();
                    }
                }
                nanos.entrySet().stream()
                        .sorted(Comparator.comparing(entry -> -entry.getValue()[0]))
                        .forEach(entry -> System.out.printf(
                                "%8.2f ms a step, %4d calls: %s%n",
                                entry.getValue()[0] / 1e6 / speeds.length,
                                entry.getValue()[1] / speeds.length,
                                entry.getKey()));
                Arrays.sort(speeds);
                System.out.printf("LoRA, tokens/s: median %.0f, best %.0f%n", speeds[5], speeds[9]);
            }
            network.free();
        }
    }

    /** The same operations, each of which adds its time to those of its name and shapes. */
    private static Ops timed(Ops ops, Map<String, long[]> nanos) {
        InvocationHandler handler = (_, method, arguments) -> {
            long start = System.nanoTime();
            Object result = method.invoke(ops, arguments);
            long took = System.nanoTime() - start;
            String name = method.getName();
            for (Object argument : arguments == null ? new Object[0] : arguments) {
                name += argument instanceof Tensor tensor ? " " + tensor.shape() : argument == null ? " -" : "";
            }
            long[] sums = nanos.computeIfAbsent(name, _ -> new long[2]);
            sums[0] += took;
            sums[1]++;
            return result;
        };
        return (Ops) Proxy.newProxyInstance(Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, handler);
    }

    private static void report(String name, Network network, Map<String, ?> options) {
        try (Trainer trainer = Trainer.of(network, Hyperparameters.of(options), examples(4096, 600, 20, 60))) {
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

    private static List<Example> examples(int count, int vocabulary, int shortest, int longest) {
        SplittableRandom random = new SplittableRandom(7);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(Example.of(random.ints(random.nextInt(shortest, longest), 0, vocabulary)
                    .toArray()));
        }
        return examples;
    }
}
