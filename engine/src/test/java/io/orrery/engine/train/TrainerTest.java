package io.orrery.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.model.ModelSpec;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    private static final int VOCAB = 23;
    private static final ModelSpec.CausalLm SPEC = TinyLanguageModels.of("qwen3", VOCAB, 16, 24, 2, 4, 2);

    private final Ops ops = CpuOps.create(CpuOptions.defaults());

    @AfterEach
    void close() {
        ops.close();
    }

    /** The toy of the wrong way: a mean of means would weigh the short example's tokens more. */
    @Test
    void accumulatedGradientsAreThoseOfOneBatch() {
        List<Example> examples = examples(4, 3, 40);
        Trainer whole = full(examples, Map.of("batch_size", 4));
        Trainer parts = full(examples, Map.of("batch_size", 1, "gradient_accumulation", 4));
        StepMetrics one = whole.next();
        StepMetrics four = parts.next();
        assertThat(four.loss()).isCloseTo(one.loss(), Offset.offset(1e-6));
        assertThat(four.trainedTokens()).isEqualTo(one.trainedTokens());
        for (String name : whole.weights().keySet()) {
            float[] wanted = gradient(whole, name);
            float[] found = gradient(parts, name);
            double difference = 0;
            double size = 0;
            for (int i = 0; i < wanted.length; i++) {
                difference += Math.pow(found[i] - wanted[i], 2);
                size += Math.pow(wanted[i], 2);
            }
            assertThat(Math.sqrt(difference / size)).as(name).isLessThan(1e-6);
        }
    }

    private float[] gradient(Trainer trainer, String weight) {
        return ops.read(trainer.gradients().get(trainer.weights().get(weight)));
    }

    @Test
    void packedExamplesDoNotSeeEachOther() {
        List<Example> examples = examples(5, 2, 12);
        Trainer trainer = full(examples, Map.of());
        double sum = 0;
        int count = 0;
        for (Example example : examples) {
            sum += trainer.evaluate(List.of(example)).loss().orElseThrow() * example.trainedTokens();
            count += example.trainedTokens();
        }
        assertThat(trainer.evaluate(examples).loss().orElseThrow()).isCloseTo(sum / count, Offset.offset(1e-6));
        assertThat(trainer.next().loss()).isCloseTo(sum / count, Offset.offset(1e-6));
    }

    @Test
    void gradientsOfAnAdapterAreTheSlopesOfTheLoss() {
        try (ScalarOps scalar = new ScalarOps()) {
            Network network = Network.frozen(SPEC, Network.initial(SPEC, 3, 0.3), scalar);
            List<Example> examples = examples(3, 4, 9);
            // a rate that moves no weight: the gradients are those of the weights as they stay
            Trainer trainer = Trainer.of(
                    network,
                    Hyperparameters.of(Map.of("learning_rate", 1e-30, "lora", Map.of("rank", 2, "alpha", 3))),
                    examples);
            SplittableRandom random = new SplittableRandom(5);
            trainer.weights().forEach((name, weight) -> scalar.write(weight, gaussian(random, weight)));
            trainer.next();
            for (Map.Entry<String, Tensor> entry : trainer.weights().entrySet()) {
                float[] gradient = scalar.read(trainer.gradients().get(entry.getValue()));
                int element = random.nextInt(gradient.length);
                assertThat((double) gradient[element])
                        .as(entry.getKey() + " " + element)
                        .isCloseTo(slope(trainer, examples, scalar, entry.getValue(), element), Offset.offset(2e-4));
            }
        }
    }

    private static double slope(Trainer trainer, List<Example> examples, Ops ops, Tensor weight, int element) {
        float epsilon = 1e-2f;
        float[] values = ops.read(weight);
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
            float[] changed = values.clone();
            changed[element] += side == 0 ? epsilon : -epsilon;
            ops.write(weight, changed);
            losses[side] = trainer.evaluate(examples).loss().orElseThrow();
        }
        ops.write(weight, values);
        return (losses[0] - losses[1]) / (2 * epsilon);
    }

    private static float[] gaussian(SplittableRandom random, Tensor like) {
        float[] values = new float[(int) like.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian(0, 0.3);
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resumedRunsEqualUninterruptedOnesBitForBit(boolean full, @TempDir Path folder) {
        Map<String, Object> options = new HashMap<>(Map.of("batch_size", 3, "n_epochs", 4, "warmup_steps", 2));
        if (full) {
            options.put("full", true);
            options.put("learning_rate", 1e-2);
        } else {
            options.put("lora", Map.of("rank", 2, "dropout", 0.2));
        }
        List<Example> examples = examples(7, 3, 20);
        Trainer whole = trainer(examples, options);
        Trainer before = trainer(examples, options);
        List<Double> losses = new ArrayList<>();
        while (!whole.isFinished()) {
            losses.add(whole.next().loss());
        }
        List<Double> resumed = new ArrayList<>();
        for (int i = 0; i < whole.totalSteps() / 2; i++) {
            resumed.add(before.next().loss());
        }
        before.save(folder.resolve("half"));
        Trainer after = trainer(examples, options);
        after.restore(folder.resolve("half"));
        while (!after.isFinished()) {
            resumed.add(after.next().loss());
        }
        assertThat(resumed).isEqualTo(losses);
        assertThat(bits(after)).isEqualTo(bits(whole));
        assertThat(losses.getLast()).isNotEqualTo(losses.getFirst());
    }

    private Map<String, List<Integer>> bits(Trainer trainer) {
        Map<String, List<Integer>> bits = new LinkedHashMap<>();
        trainer.state().forEach((name, tensor) -> {
            List<Integer> values = new ArrayList<>();
            for (float value : ops.read(tensor)) {
                values.add(Float.floatToRawIntBits(value));
            }
            bits.put(name, values);
        });
        return bits;
    }

    @Test
    void aStateOfAnotherRunIsRefused(@TempDir Path folder) {
        List<Example> examples = examples(7, 3, 20);
        Trainer one = full(examples, Map.of());
        one.next();
        one.save(folder.resolve("state"));
        Trainer otherData = full(examples.subList(0, 6), Map.of());
        assertThatThrownBy(() -> otherData.restore(folder.resolve("state")))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("data_sha256");
        Trainer otherRate = full(examples, Map.of("learning_rate", 0.5));
        assertThatThrownBy(() -> otherRate.restore(folder.resolve("state")))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("optimizer");
    }

    @Test
    void aTinyModelLearnsItsDataByHeart() {
        List<Example> examples = examples(6, 6, 12);
        Trainer trainer = full(
                examples, Map.of("learning_rate", 1e-2, "n_epochs", 120, "schedule", "cosine", "warmup_ratio", 0.05));
        double first = trainer.next().loss();
        while (!trainer.isFinished()) {
            trainer.next();
        }
        StepMetrics.Validation learned = trainer.evaluate(examples);
        assertThat(first).isGreaterThan(2.5);
        // what a random first token leads to cannot be known: two examples may begin alike
        assertThat(learned.loss().orElseThrow()).isLessThan(0.1);
        assertThat(learned.accuracy().orElseThrow()).isGreaterThan(0.95);
    }

    @Test
    void aCancelledStepChangesNothing() {
        Trainer trainer = full(examples(4, 5, 9), Map.of("batch_size", 1, "gradient_accumulation", 4));
        Map<String, List<Integer>> before = bits(trainer);
        int[] asked = {0};
        assertThatThrownBy(() -> trainer.next(() -> ++asked[0] == 3)).isInstanceOf(TrainingCancelledException.class);
        assertThat(bits(trainer)).isEqualTo(before);
        assertThat(trainer.step()).isZero();
    }

    @Test
    void numbersThatAreNoneEndTheRun() {
        Trainer trainer = full(examples(4, 5, 9), Map.of());
        Tensor norm = trainer.weights().get("output_norm.weight");
        float[] broken = new float[(int) norm.elements()];
        Arrays.fill(broken, Float.NaN);
        ops.write(norm, broken);
        assertThatThrownBy(trainer::next)
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("at step 1 the loss is NaN");
    }

    @Test
    void examplesWithNothingToLearnAreRefused() {
        Example masked = new Example(new int[] {1, 2, 3}, new int[] {1, Ops.IGNORED, Ops.IGNORED});
        assertThatThrownBy(() -> full(List.of(masked), Map.of()))
                .isInstanceOf(TrainingException.class)
                .hasMessage("none of 1 examples has a token to learn");
    }

    @Test
    void normsAndBiasesDoNotDecay() {
        Trainer trainer = full(examples(4, 5, 9), Map.of());
        assertThat(trainer.weights().keySet().stream()
                        .filter(name -> !trainer.trainable().decays(name))
                        .toList())
                .allMatch(name -> name.contains("norm"))
                .contains("output_norm.weight", "blk.0.attn_q_norm.weight", "blk.1.ffn_norm.weight");
        assertThat(new Trainable.Everything(Map.of()).decays("blk.0.attn_q.bias"))
                .isFalse();
    }

    private Trainer full(List<Example> examples, Map<String, Object> options) {
        Map<String, Object> all = new HashMap<>(options);
        all.put("full", true);
        return trainer(examples, all);
    }

    private Trainer trainer(List<Example> examples, Map<String, Object> options) {
        Map<String, Tensor> weights = Network.initial(SPEC, 3, 0.1);
        Network network = options.containsKey("full")
                ? Network.trainable(SPEC, weights, ops)
                : Network.frozen(SPEC, weights, ops);
        return Trainer.of(network, Hyperparameters.of(options), examples);
    }

    private static List<Example> examples(int count, int shortest, int longest) {
        SplittableRandom random = new SplittableRandom(17);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] tokens = random.ints(i == 0 ? shortest : random.nextInt(shortest, longest + 1), 0, VOCAB)
                    .toArray();
            int[] labels = tokens.clone();
            labels[1] = tokens.length > 3 ? Ops.IGNORED : labels[1];
            examples.add(new Example(tokens, labels));
        }
        return examples;
    }
}
