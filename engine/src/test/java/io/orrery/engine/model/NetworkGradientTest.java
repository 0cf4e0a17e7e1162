package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tape's gradient of the loss against central differences, along random directions, at every tensor of every family. */
class NetworkGradientTest {
    private static final int[] TOKENS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};
    private static final int[] TARGETS = {1, 4, 1, 5, 9, Ops.IGNORED, 6, 5, 3, 5, Ops.IGNORED};
    private static final Batch BATCH = Batch.packed(6, 5);
    private static final double STEP = 1e-2;

    private final ScalarOps ops = new ScalarOps();
    private final Random random = new Random(5);

    @AfterEach
    void close() {
        ops.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyWeightsGradientIsTheSlopeOfTheLoss(TinyModels model) {
        Network network = Network.trainable(model.spec(), model.weights(), ops);
        Map<Tensor, Tensor> gradients = gradients(network.weights());
        Subject subject = new Subject(network, Adaptation.NONE);
        backward(subject, gradients);
        network.weights().forEach((name, weight) -> isSlope(name, weight, gradients, subject));
    }

    @ParameterizedTest
    @EnumSource
    void aTrainedSubsetHasTheGradientsOfTheWhole(TinyModels model) {
        Network network = Network.trainable(model.spec(), model.weights(), ops);
        Map<Tensor, Tensor> whole = gradients(network.weights());
        backward(new Subject(network, Adaptation.NONE), whole);
        String keys = network.weights().containsKey("blk.0.attn_k.weight") ? "attn_k" : "attn_qkv";
        for (String name : new String[] {"blk.0." + keys + ".weight", "blk.1.ffn_norm.weight", "output_norm.weight"}) {
            Tensor weight = network.weights().get(name);
            Map<Tensor, Tensor> one = gradients(Map.of(name, weight));
            backward(new Subject(network, Adaptation.NONE), one);
            assertThat(ops.read(one.get(weight))).as(name).containsExactly(ops.read(whole.get(weight)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAdaptersGradientsAreTheSlopesWhileTheBaseIsFrozen(TinyModels model) {
        Network network = Network.frozen(model.spec(), model.weights(), ops);
        LoraAdapter adapter = TinyAdapters.everywhere(model.spec(), 3, ops);
        Map<String, Tensor> pairs = TinyAdapters.tensors(adapter);
        Map<Tensor, Tensor> gradients = gradients(pairs);
        Subject subject = new Subject(network, LoraAdaptation.all(adapter));
        backward(subject, gradients);
        pairs.forEach((name, weight) -> isSlope(name, weight, gradients, subject));
    }

    private Map<Tensor, Tensor> gradients(Map<String, Tensor> weights) {
        Map<Tensor, Tensor> gradients = new IdentityHashMap<>();
        weights.values().forEach(weight -> gradients.put(weight, ops.persistent(weight.rows(), weight.cols())));
        return gradients;
    }

    /** What is differentiated. */
    private record Subject(Network network, Adaptation adaptation) {}

    private void backward(Subject subject, Map<Tensor, Tensor> gradients) {
        Tape tape = Tape.recording(ops.workspace(), gradients);
        Tensor hidden = subject.network().hidden(TOKENS, BATCH, Optional.empty(), subject.adaptation(), tape);
        Tensor logits = subject.network().logits(hidden, subject.adaptation(), tape);
        ops.crossEntropy(ops.workspace().empty(TOKENS.length, 1), tape.gradient(logits), logits, TARGETS, 1);
        tape.backward();
        ops.workspace().reset();
    }

    private double loss(Subject subject) {
        Tensor hidden = subject.network().hidden(TOKENS, BATCH, Optional.empty(), subject.adaptation(), Tape.off());
        Tensor logits = subject.network().logits(hidden, subject.adaptation(), Tape.off());
        Tensor losses = ops.workspace().empty(TOKENS.length, 1);
        ops.crossEntropy(losses, null, logits, TARGETS, 1);
        double sum = 0;
        for (float loss : ops.read(losses)) {
            sum += loss;
        }
        ops.workspace().reset();
        return sum;
    }

    private void isSlope(String name, Tensor weight, Map<Tensor, Tensor> gradients, Subject subject) {
        float[] gradient = ops.read(gradients.get(weight));
        float[] values = ops.read(weight);
        for (int n = 0; n < 3; n++) {
            double[] direction = direction(values.length);
            double near = difference(weight, values, direction, STEP, subject);
            double far = difference(weight, values, direction, 2 * STEP, subject);
            double expected = 0;
            for (int i = 0; i < values.length; i++) {
                expected += gradient[i] * direction[i];
            }
            // fourth order, Abramowitz and Stegun 25.3.21: a shorter step would drown in F32
            double slope = (8 * near - far) / (12 * STEP);
            assertThat(expected).as(name).isCloseTo(slope, Offset.offset(5e-4 + 5e-4 * Math.abs(slope)));
        }
        ops.write(weight, values);
    }

    /** Of length 1. */
    private double[] direction(int n) {
        double[] direction = random.doubles(n, -1, 1).toArray();
        double squares = 0;
        for (double d : direction) {
            squares += d * d;
        }
        for (int i = 0; i < n; i++) {
            direction[i] /= Math.sqrt(squares);
        }
        return direction;
    }

    private double difference(Tensor weight, float[] values, double[] direction, double step, Subject subject) {
        return lossAt(weight, values, direction, step, subject) - lossAt(weight, values, direction, -step, subject);
    }

    private double lossAt(Tensor weight, float[] values, double[] direction, double step, Subject subject) {
        float[] moved = new float[values.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) (values[i] + step * direction[i]);
        }
        ops.write(weight, moved);
        return loss(subject);
    }
}
