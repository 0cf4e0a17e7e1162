package io.orrery.cli.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.cli.model.TinyModel;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.Network;
import io.orrery.engine.model.Observer;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told is what the network computes. */
class InsightTest {
    private static final String PROMPT = "hello world";

    @TempDir
    Path home;

    private ModelFiles files;
    private Ops ops;

    @BeforeEach
    void open() throws IOException {
        files = ModelFiles.open(TinyModel.write(home.resolve("tiny")));
        ops = new ScalarOps();
    }

    @AfterEach
    void close() throws Exception {
        ops.close();
        files.close();
    }

    private Insight insight(int layer, int head) {
        return Insight.of(files, ops, PROMPT, new Looks(270, Optional.of(new HeadName(layer, head)), true));
    }

    @Test
    void everyTokenSharesOutAllOfItsAttention() {
        Attention attention = insight(1, 1).attention().orElseThrow();
        assertThat(attention.heads()).isEqualTo(2);
        assertThat(attention.shares()).hasSize(files.tokenizer().encode(PROMPT, true).length);
        for (int row = 0; row < attention.shares().size(); row++) {
            float[] shares = attention.shares().get(row);
            assertThat(shares).hasSize(row + 1);
            float sum = 0;
            for (float share : shares) {
                assertThat(share).isBetween(0f, 1f);
                sum += share;
            }
            assertThat(sum).isCloseTo(1, Offset.offset(1e-5f));
        }
        assertThat(attention.share(0, 1)).isZero();
    }

    @Test
    void sharesAreThoseOfTheNamedHead() {
        float[][] all = new float[2][];
        Network network = Network.frozen(files.spec(), files.weights(), ops).observed(new Observer() {
            @Override
            public boolean wantsAttention(int layer) {
                return true;
            }

            @Override
            public void attention(int layer, int sequence, Tensor probabilities) {
                all[layer] = ops.read(probabilities);
            }
        });
        int[] tokens = files.tokenizer().encode(PROMPT, true);
        network.hidden(tokens, Batch.packed(tokens.length), Optional.empty(), Adaptation.NONE, Tape.off());
        for (int layer = 0; layer < 2; layer++) {
            for (int head = 0; head < 2; head++) {
                Attention attention = insight(layer, head).attention().orElseThrow();
                int last = tokens.length - 1;
                for (int to = 0; to < tokens.length; to++) {
                    assertThat(attention.share(last, to))
                            .isEqualTo(all[layer][(head * tokens.length + last) * tokens.length + to]);
                }
            }
        }
    }

    @Test
    void theLastLayerSaysWhatTheModelSays() {
        Insight insight = insight(0, 0);
        assertThat(insight.lens()).hasSize(2);
        assertThat(insight.lens().getLast().candidates())
                .isEqualTo(insight.next().candidates().subList(0, Insight.OF_A_LAYER));
        assertThat(insight.lens().getFirst()).isNotEqualTo(insight.lens().getLast());
    }

    @Test
    void probabilitiesOfAllTokensAreOne() {
        double sum = insight(0, 0).next().candidates().stream()
                .mapToDouble(Ranking.Candidate::probability)
                .sum();
        assertThat(sum).isCloseTo(1, Offset.offset(1e-6));
    }

    @Test
    void headsThatAreNotThereAreRefused() {
        assertThatThrownBy(() -> insight(2, 0)).hasMessage("there is no layer 2; the model has 0 to 1");
        assertThatThrownBy(() -> insight(1, 2)).hasMessage("there is no head 2 in layer 1; it has 0 to 1");
        assertThatThrownBy(() -> HeadName.parse("1;2")).hasMessageContaining("it is written LAYER,HEAD");
        assertThatThrownBy(() -> new Looks(0, Optional.empty(), false)).hasMessageContaining("--top is 0");
    }
}
