package io.orrery.cli.conformance;

import io.orrery.engine.tensor.Tensor;
import io.orrery.engine.train.Example;
import io.orrery.engine.train.StepMetrics;
import io.orrery.engine.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The batches of a case and the log of one run over them. */
final class TrainingSteps {
    /** Scalar losses and norms, says the format of the cases. */
    private static final double SCALARS = 1e-5;

    private final GoldenCase golden;
    private final Checks checks;
    private final String log;
    private final int rows;
    private final List<Example> examples = new ArrayList<>();

    /** @param run pointer to the run */
    TrainingSteps(GoldenCase golden, Checks checks, String run) {
        this.golden = golden;
        this.checks = checks;
        this.log = run + "/log";
        Tensor ids = golden.tensor("batches.input_ids");
        this.rows = Math.toIntExact(ids.shape().dims().get(1));
        read(ids.cols());
    }

    /** All rows of all micro-batches in order, without their padding. */
    private void read(int cols) {
        int[] ids = golden.integers("batches.input_ids");
        int[] mask = golden.integers("batches.attention_mask");
        int[] labels = golden.integers("batches.labels");
        for (int row = 0; row < ids.length; row += cols) {
            int[] kept =
                    IntStream.range(row, row + cols).filter(i -> mask[i] == 1).toArray();
            examples.add(new Example(
                    IntStream.of(kept).map(i -> ids[i]).toArray(),
                    IntStream.of(kept).map(i -> labels[i]).toArray()));
        }
    }

    List<Example> examples() {
        return examples;
    }

    /** Rows of a micro-batch. */
    int rows() {
        return rows;
    }

    int count() {
        return golden.peek(log).size();
    }

    int microBatches() {
        return golden.peek(log + "/0/micro_mean_losses").size();
    }

    /** The mean loss of some of a step's rows, under the weights as they are now. */
    double loss(Trainer trainer, int from, int to) {
        return trainer.evaluate(examples.subList(from, to)).loss().orElse(Double.NaN);
    }

    /** One step, and everything that its log says. */
    void step(Trainer trainer, int number) {
        String step = log + "/" + number;
        int first = number * microBatches() * rows;
        for (int micro = 0; micro < microBatches(); micro++) {
            int from = first + micro * rows;
            checks.number(step + "/micro_mean_losses/" + micro, loss(trainer, from, from + rows), SCALARS);
        }
        StepMetrics metrics = trainer.next();
        checks.equal(step + "/step", metrics.step());
        checks.number(step + "/loss", metrics.loss(), SCALARS);
        checks.equal(step + "/label_tokens", metrics.trainedTokens());
        checks.number(step + "/grad_norm_before_clip", metrics.gradientNorm(), SCALARS);
        checks.number(step + "/lr", metrics.learningRate(), new Comparison(1e-12, SCALARS));
    }

    /** A tensor that must be there. */
    static <K> Tensor of(Map<K, Tensor> tensors, K key) {
        Tensor tensor = tensors.get(key);
        if (tensor == null) {
            throw new IllegalArgumentException("nothing that is trained is called " + key);
        }
        return tensor;
    }
}
