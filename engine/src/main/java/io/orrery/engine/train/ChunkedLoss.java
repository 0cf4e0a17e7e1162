package io.orrery.engine.train;

import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.ops.Workspace;
import io.orrery.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Cross-entropy of the head some rows at a time, forward and backward at once: of the logits, [T, vocabSize], no more than
 * a chunk ever stands. Rows that are not trained are dropped first. Confined to the thread that owns the device.
 */
final class ChunkedLoss {
    /** As TRL's chunked_nll: 131 MB of logits for a vocabulary of 128,256. */
    private static final int ROWS = 256;

    private final Network network;
    private final Ops ops;
    private final Adaptation adaptation;

    ChunkedLoss(Network network, Adaptation adaptation) {
        this.network = network;
        this.ops = network.ops();
        this.adaptation = adaptation;
    }

    /** Sums over the trained rows: losses in nats, and how often the target is the likeliest token. */
    record Sums(double loss, int right) {}

    /**
     * The sum of the losses in nats; adds scale times its gradients to the head's weights and to dHidden.
     *
     * @param hidden [T, hiddenSize]
     * @param gradients weight to gradient
     */
    double train(Tensor hidden, Tensor dHidden, int[] targets, Map<Tensor, Tensor> gradients, float scale) {
        Workspace workspace = ops.workspace();
        int[] trained = trainedRows(targets);
        double sum = 0;
        for (int from = 0; from < trained.length; from += ROWS) {
            int[] rows = Arrays.copyOfRange(trained, from, Math.min(from + ROWS, trained.length));
            long mark = workspace.mark();
            Tape tape = Tape.recording(workspace, gradients);
            Tensor chunk = gathered(hidden, rows);
            Tensor logits = network.logits(chunk, adaptation, tape);
            Tensor losses = workspace.empty(rows.length);
            ops.crossEntropy(losses, tape.gradient(logits), logits, chosen(targets, rows), scale);
            Tensor dChunk = tape.gradient(chunk);
            tape.backward();
            ops.scatterAdd(dHidden, dChunk, rows);
            sum += sum(ops.read(losses));
            workspace.release(mark);
        }
        return sum;
    }

    Sums evaluate(Tensor hidden, int[] targets) {
        Workspace workspace = ops.workspace();
        int[] trained = trainedRows(targets);
        double sum = 0;
        int right = 0;
        for (int from = 0; from < trained.length; from += ROWS) {
            int[] rows = Arrays.copyOfRange(trained, from, Math.min(from + ROWS, trained.length));
            int[] wanted = chosen(targets, rows);
            long mark = workspace.mark();
            Tensor logits = network.logits(gathered(hidden, rows), adaptation, Tape.off());
            Tensor losses = workspace.empty(rows.length);
            ops.crossEntropy(losses, null, logits, wanted, 1);
            sum += sum(ops.read(losses));
            right += right(ops.read(logits), logits.cols(), wanted);
            workspace.release(mark);
        }
        return new Sums(sum, right);
    }

    private Tensor gathered(Tensor hidden, int[] rows) {
        Tensor chunk = ops.workspace().empty(rows.length, hidden.cols());
        ops.gather(chunk, hidden, rows);
        return chunk;
    }

    private static int[] trainedRows(int[] targets) {
        return IntStream.range(0, targets.length)
                .filter(row -> targets[row] != Ops.IGNORED)
                .toArray();
    }

    private static int[] chosen(int[] targets, int[] rows) {
        return Arrays.stream(rows).map(row -> targets[row]).toArray();
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    private static int right(float[] logits, int vocabSize, int[] targets) {
        int right = 0;
        for (int row = 0; row < targets.length; row++) {
            int best = 0;
            for (int token = 1; token < vocabSize; token++) {
                if (logits[row * vocabSize + token] > logits[row * vocabSize + best]) {
                    best = token;
                }
            }
            right += best == targets[row] ? 1 : 0;
        }
        return right;
    }
}
