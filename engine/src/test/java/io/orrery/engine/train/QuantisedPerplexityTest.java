package io.orrery.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What rounding activations costs a model that has learned something: weights of each type, multiplied as the CPU is fastest, against
 * what these weights mean, multiplied in F32. That a row does not depend on its batch is another test's, so that this holds for answers
 * as well as for prompts.
 */
class QuantisedPerplexityTest {
    private static final int VOCABULARY = 64;
    private static final int LENGTH = 64;
    private static final int THREADS = 2;
    private static final int PASS_TOKENS = 512;
    private static final double NOISE = 0.2;

    private static final CausalLm SPEC = TinyLanguageModels.llama(VOCABULARY, 256, 256, 2, 4, 2);
    private static final List<Example> HELD_OUT = examples(2, 48);
    private static final Arena MEMORY = Arena.ofAuto();
    private static final Map<String, Tensor> TRAINED = new HashMap<>();

    @BeforeAll
    static void train() {
        try (Ops ops = open(ActivationMode.F32)) {
            assumeFalse(
                    ops.device().contains("scalar"),
                    "without kernels activations are never rounded: nothing to compare");
            Network network = Network.trainable(SPEC, Network.initial(SPEC, 1, 0.05), ops);
            Hyperparameters hyperparameters = Hyperparameters.of(Map.of(
                    "full", true, "max_steps", 120, "batch_size", 8, "learning_rate", 2e-3, "schedule", "cosine"));
            try (Trainer trainer = Trainer.of(network, hyperparameters, examples(1, 960))) {
                while (!trainer.isFinished()) {
                    trainer.next();
                }
                trainer.weights()
                        .forEach((name, weight) -> TRAINED.put(name, host(ops.read(weight), weight, DType.F32)));
            }
        }
    }

    private static Ops open(ActivationMode activations) {
        return CpuOps.create(new CpuOptions(THREADS, activations));
    }

    /** Every token follows from the two before it, but for a fifth that are any: a perplexity of 3.3 is the best that can be. */
    private static List<Example> examples(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        return Stream.generate(() -> {
                    int[] tokens = new int[LENGTH];
                    for (int i = 0; i < LENGTH; i++) {
                        boolean any = i < 2 || random.nextDouble() < NOISE;
                        tokens[i] = any
                                ? random.nextInt(VOCABULARY)
                                : (tokens[i - 1] * 5 + tokens[i - 2] % 4 * 16 + 3) % VOCABULARY;
                    }
                    return Example.of(tokens);
                })
                .limit(count)
                .toList();
    }

    private static Tensor host(float[] values, Tensor like, DType dtype) {
        MemorySegment memory = MEMORY.allocate(dtype.bytes(values.length), 64);
        BlockFormat.of(dtype).quantize(values, 0, memory, 0, values.length);
        return new Tensor(dtype, like.shape(), new HostMemory(memory));
    }

    private static Map<String, Tensor> matrices(Map<String, Tensor> weights, UnaryOperator<Tensor> change) {
        Map<String, Tensor> changed = new HashMap<>(weights);
        changed.replaceAll((_, weight) -> weight.shape().rank() == 2 ? change.apply(weight) : weight);
        return changed;
    }

    private static double perplexity(Map<String, Tensor> weights, ActivationMode activations) {
        try (Ops ops = open(activations)) {
            Network network = Network.frozen(SPEC, weights, ops);
            return Math.exp(new Evaluation(network, Adaptation.NONE, PASS_TOKENS)
                    .of(HELD_OUT)
                    .loss()
                    .orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS",
                "MXFP4", "NF4", "INT4", "BF16"
            })
    void roundedActivationsKeepThePerplexityWithinAHundredth(DType type) {
        Map<String, Tensor> quantised = matrices(TRAINED, weight -> host(weight.decode(), weight, type));
        Map<String, Tensor> meant = matrices(quantised, weight -> host(weight.decode(), weight, DType.F32));
        double exact = perplexity(meant, ActivationMode.F32);
        double rounded = perplexity(quantised, ActivationMode.NATIVE);
        assertThat(exact).as("a trained model's perplexity").isLessThan(VOCABULARY / 4.0);
        assertThat(rounded / exact).isBetween(0.99, 1.01);
    }
}
