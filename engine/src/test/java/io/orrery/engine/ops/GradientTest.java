package io.orrery.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every backward of ScalarOps against central differences of the forward, for a random weighting of its output. */
class GradientTest {
    private static final float EPSILON = 1e-2f;

    private final ScalarOps ops = new ScalarOps();
    private final Random random = new Random(11);

    @AfterEach
    void close() {
        ops.close();
    }

    @Test
    void linearGradientsAreTheSlopes() {
        Tensor x = gaussian(3, 5);
        Tensor w = gaussian(4, 5);
        Tensor b = gaussian(4);
        Tensor dy = gaussian(3, 4);
        Gradients gradients = new Gradients(x, w, b);
        ops.linearBackward(gradients.of(x), gradients.of(w), gradients.of(b), dy, x, w);
        gradients.areSlopes(dy, y -> ops.linear(y, x, w, b));
    }

    @Test
    void rmsNormGradientsAreTheSlopes() {
        Tensor x = gaussian(3, 8);
        Tensor w = gaussian(4);
        Tensor dy = gaussian(3, 8);
        Gradients gradients = new Gradients(x, w);
        ops.rmsNormBackward(gradients.of(x), gradients.of(w), dy, x, w, 1e-5f, 1);
        gradients.areSlopes(dy, y -> ops.rmsNorm(y, x, w, 1e-5f, 1));
    }

    @Test
    void layerNormGradientsAreTheSlopes() {
        Tensor x = gaussian(3, 8);
        Tensor w = gaussian(8);
        Tensor b = gaussian(8);
        Tensor dy = gaussian(3, 8);
        Gradients gradients = new Gradients(x, w, b);
        ops.layerNormBackward(gradients.of(x), gradients.of(w), gradients.of(b), dy, x, w, 1e-5f);
        gradients.areSlopes(dy, y -> ops.layerNorm(y, x, w, b, 1e-5f));
    }

    @Test
    void rotatingBackIsTheSlopeOfRotating() {
        Tensor x = gaussian(3, 12);
        Tensor angles = ops.persistent(3, 4);
        ops.ropeAngles(angles, new int[] {0, 5, 9}, new float[] {1, 0.1f}, 1.5f);
        Tensor dy = gaussian(3, 12);
        Gradients gradients = new Gradients(x);
        ops.rope(gradients.of(x), dy, angles, 6, -1);
        gradients.areSlopes(dy, y -> ops.rope(y, x, angles, 6, 1));
    }

    @Test
    void attentionGradientsAreTheSlopes() {
        for (AttentionShape shape : new AttentionShape[] {
            new AttentionShape(4, 2, 3, 0.6f, true, 0),
            new AttentionShape(4, 2, 3, 0.6f, true, 2),
            new AttentionShape(4, 1, 3, 0.6f, false, 0)
        }) {
            Tensor q = gaussian(7, 12);
            Tensor k = gaussian(7, shape.kvHeads() * 3);
            Tensor v = gaussian(7, shape.kvHeads() * 3);
            Tensor dy = gaussian(7, 12);
            Batch batch = Batch.packed(4, 1, 2);
            Gradients gradients = new Gradients(q, k, v);
            ops.attentionBackward(gradients.of(q), gradients.of(k), gradients.of(v), dy, q, k, v, batch, shape);
            gradients.areSlopes(dy, y -> ops.attention(y, q, k, v, batch, shape));
        }
    }

    @ParameterizedTest
    @EnumSource
    void activationGradientsAreTheSlopes(Activation activation) {
        Tensor gate = gaussian(3, 7);
        Tensor up = gaussian(3, 7);
        Tensor dy = gaussian(3, 7);
        Gradients gated = new Gradients(gate, up);
        ops.activateBackward(gated.of(gate), gated.of(up), dy, gate, up, activation);
        gated.areSlopes(dy, y -> ops.activate(y, gate, up, activation));
        Gradients plain = new Gradients(gate);
        ops.activateBackward(plain.of(gate), null, dy, gate, null, activation);
        plain.areSlopes(dy, y -> ops.activate(y, gate, null, activation));
    }

    @Test
    void crossEntropyGradientIsTheSlopeOfTheSummedLosses() {
        Tensor logits = gaussian(4, 9);
        int[] targets = {3, Ops.IGNORED, 8, 0};
        Gradients gradients = new Gradients(logits);
        ops.crossEntropy(ops.persistent(4), gradients.of(logits), logits, targets, 1);
        Tensor ones = ops.upload(new float[] {1, 1, 1, 1}, 4);
        gradients.areSlopes(ones, losses -> ops.crossEntropy(losses, null, logits, targets, 1));
    }

    @Test
    void scatteringAddsWhereGatheringRead() {
        Tensor x = gaussian(5, 3);
        int[] rows = {4, 1, 4};
        Tensor dy = gaussian(3, 3);
        Gradients gradients = new Gradients(x);
        ops.scatterAdd(gradients.of(x), dy, rows);
        gradients.areSlopes(dy, y -> ops.gather(y, x, rows));
    }

    private Tensor gaussian(long... dims) {
        Tensor tensor = ops.persistent(dims);
        float[] values = new float[(int) tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        ops.write(tensor, values);
        return tensor;
    }

    /** Gradients of some inputs, zero at first. */
    private final class Gradients {
        private final Tensor[] inputs;
        private final Tensor[] gradients;

        Gradients(Tensor... inputs) {
            this.inputs = inputs;
            this.gradients = Arrays.stream(inputs)
                    .map(x -> ops.persistent(x.elements()).reshape(x.rows(), x.cols()))
                    .toArray(Tensor[]::new);
        }

        Tensor of(Tensor input) {
            return gradients[Arrays.asList(inputs).indexOf(input)];
        }

        void areSlopes(Tensor dy, Consumer<Tensor> forward) {
            for (int n = 0; n < inputs.length; n++) {
                float[] values = ops.read(inputs[n]);
                float[] gradient = ops.read(gradients[n]);
                for (int i = 0; i < values.length; i++) {
                    double up = weighted(dy, forward, inputs[n], values, i, EPSILON);
                    double down = weighted(dy, forward, inputs[n], values, i, -EPSILON);
                    assertThat((double) gradient[i])
                            .as("input %s element %s", n, i)
                            .isCloseTo((up - down) / (2 * EPSILON), Offset.offset(4e-3));
                }
                ops.write(inputs[n], values);
            }
        }

        private double weighted(
                Tensor dy, Consumer<Tensor> forward, Tensor input, float[] values, int at, float change) {
            float[] changed = values.clone();
            changed[at] += change;
            ops.write(input, changed);
            Tensor y = ops.persistent(dy.rows(), dy.cols());
            forward.accept(y);
            float[] outputs = ops.read(y);
            float[] weights = ops.read(dy);
            double sum = 0;
            for (int i = 0; i < outputs.length; i++) {
                sum += (double) outputs[i] * weights[i];
            }
            return sum;
        }
    }
}
