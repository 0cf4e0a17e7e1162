package io.orrery.cli.lens;

import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * What was seen while a model read a prompt.
 *
 * @param tokens of the prompt
 * @param next likeliest tokens after it
 * @param lens what each layer would say after the prompt, where that was wanted
 */
public record Insight(
        String model,
        int vocabSize,
        List<Piece> tokens,
        Ranking next,
        Optional<Attention> attention,
        List<Ranking> lens) {
    /** How many candidates of a layer are told of. */
    static final int OF_A_LAYER = 5;

    /** @throws IllegalArgumentException where the prompt is empty or too long, or there is no such head */
    public static Insight of(ModelFiles files, Ops ops, String prompt, Looks looks) {
        int[] tokens = files.tokenizer().encode(prompt, true);
        if (tokens.length == 0 || tokens.length > files.contextLength()) {
            throw new IllegalArgumentException(
                    "the prompt has " + tokens.length + " tokens; it must have 1 to " + files.contextLength());
        }
        looks.head().ifPresent(head -> head.requireIn(files.spec()));
        Eyes eyes = new Eyes(ops, looks, tokens.length);
        Network network = Network.frozen(files.spec(), files.weights(), ops).observed(eyes);
        float[] logits = logits(network, tokens);
        Pieces pieces = new Pieces(files.tokenizer());
        List<Ranking> lens = eyes.lastRows().stream()
                .map(row -> Ranking.of(logits(network, row), OF_A_LAYER, pieces))
                .toList();
        return new Insight(
                files.name(),
                logits.length,
                pieces.of(tokens),
                Ranking.of(logits, looks.top(), pieces),
                eyes.attention(),
                lens);
    }

    /** Of the token after the last. */
    private static float[] logits(Network network, int[] tokens) {
        Tensor hidden =
                network.hidden(tokens, Batch.packed(tokens.length), Optional.empty(), Adaptation.NONE, Tape.off());
        Tensor last = hidden.rows(tokens.length - 1, tokens.length);
        return network.ops().read(network.logits(last, Adaptation.NONE, Tape.off()));
    }

    /** What a layer would say, by its row of the residual stream. */
    private static float[] logits(Network network, float[] row) {
        Ops ops = network.ops();
        Tensor residual = ops.workspace().empty(1, row.length);
        ops.write(residual, row);
        return ops.read(network.logits(network.normed(residual), Adaptation.NONE, Tape.off()));
    }
}
