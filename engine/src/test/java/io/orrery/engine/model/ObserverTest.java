package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Looking inside a forward pass. */
class ObserverTest {
    private static final int[] TOKENS = {3, 1, 4, 1, 5};

    private final ScalarOps ops = new ScalarOps();
    private final Network network = Network.frozen(TinyModels.MISTRAL.spec(), TinyModels.MISTRAL.weights(), ops);

    @AfterEach
    void close() {
        ops.close();
    }

    /** Keeps what it sees. */
    private final class Eyes implements Observer {
        private final List<float[]> residuals = new ArrayList<>();
        private final List<float[]> attention = new ArrayList<>();
        private float[] embedded = {};

        @Override
        public void embedded(Tensor x) {
            embedded = ops.read(x);
        }

        @Override
        public void residual(int layer, Tensor h) {
            assertThat(layer).isEqualTo(residuals.size());
            residuals.add(ops.read(h));
        }

        @Override
        public boolean wantsAttention(int layer) {
            return layer == 1;
        }

        @Override
        public void attention(int layer, int sequence, Tensor probabilities) {
            assertThat(layer).isEqualTo(1);
            assertThat(sequence).isEqualTo(attention.size());
            attention.add(ops.read(probabilities));
        }
    }

    @Test
    void whatIsSeenIsWhatIsComputed() {
        Eyes eyes = new Eyes();
        float[] seen = hidden(network.observed(eyes));
        assertThat(seen).isEqualTo(hidden(network));
        float[] table = ops.read(network.weights().get("token_embd.weight"));
        assertThat(eyes.embedded[16]).isEqualTo(table[16]);
        assertThat(eyes.embedded[0]).isEqualTo(table[3 * 16]);
        Tensor last = ops.upload(eyes.residuals.getLast(), TOKENS.length, 16);
        Tensor normed = ops.persistent(TOKENS.length, 16);
        ops.rmsNorm(normed, last, network.weights().get("output_norm.weight"), 1e-6f, 0);
        assertThat(ops.read(normed)).isEqualTo(seen);
    }

    @Test
    void attentionIsAProbabilityWithinTheWindow() {
        Eyes eyes = new Eyes();
        network.observed(eyes).hidden(TOKENS, Batch.packed(1, 4), Optional.empty(), Adaptation.NONE, Tape.off());
        assertThat(eyes.attention).hasSize(2);
        assertThat(eyes.attention.getFirst()).containsExactly(1, 1, 1, 1);
        float[] second = eyes.attention.getLast();
        assertThat(second).hasSize(4 * 4 * 4);
        for (int row = 0; row < 16; row++) {
            float sum = 0;
            for (int key = 0; key < 4; key++) {
                boolean visible = key <= row % 4 && row % 4 - key < 3;
                assertThat(second[row * 4 + key] > 0)
                        .as("row %s key %s", row, key)
                        .isEqualTo(visible);
                sum += second[row * 4 + key];
            }
            assertThat(sum).isCloseTo(1, Offset.offset(1e-6f));
        }
    }

    private float[] hidden(Network looked) {
        Tensor hidden =
                looked.hidden(TOKENS, Batch.packed(TOKENS.length), Optional.empty(), Adaptation.NONE, Tape.off());
        float[] values = ops.read(hidden);
        ops.workspace().reset();
        return values;
    }
}
