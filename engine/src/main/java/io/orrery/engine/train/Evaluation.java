package io.orrery.engine.train;

import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.ops.Workspace;
import io.orrery.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Judges a network by examples, forward alone. Confined to the thread that owns the network's device. */
record Evaluation(Network network, Adaptation adaptation, int passTokens) {
    /** Mean loss and token accuracy over all trained tokens; none where nothing is labelled. */
    StepMetrics.Validation of(List<Example> examples) {
        List<Example> labelled =
                examples.stream().filter(example -> example.trainedTokens() > 0).toList();
        double loss = 0;
        long right = 0;
        long count = 0;
        for (Pack pack : Pack.split(labelled, Integer.MAX_VALUE, passTokens)) {
            ChunkedLoss.Sums sums = of(pack);
            loss += sums.loss();
            right += sums.right();
            count += pack.trainedTokens();
        }
        return count == 0
                ? StepMetrics.Validation.NONE
                : new StepMetrics.Validation(
                        OptionalDouble.of(loss / count), OptionalDouble.of((double) right / count));
    }

    private ChunkedLoss.Sums of(Pack pack) {
        Workspace workspace = network.ops().workspace();
        long mark = workspace.mark();
        Tensor hidden = network.hidden(pack.tokens(), pack.batch(), Optional.empty(), adaptation, Tape.off());
        ChunkedLoss.Sums sums = new ChunkedLoss(network, adaptation).evaluate(hidden, pack.targets());
        workspace.release(mark);
        return sums;
    }
}
