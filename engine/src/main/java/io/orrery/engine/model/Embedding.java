package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * Rows of a table by token, scaled where the model scales them, and with the rows of their positions where those are learned.
 *
 * @param positions [positions, hiddenSize]
 */
record Embedding(Input.Tokens input, Tensor table, Optional<Tensor> positions) {
    static Embedding of(Input.Tokens input, NamedWeights weights) {
        return new Embedding(
                input,
                weights.get("token_embd.weight"),
                input.positions() == 0 ? Optional.empty() : Optional.of(weights.get("position_embd.weight")));
    }

    /** [T, hiddenSize]. @throws IllegalArgumentException where a position is beyond those that were learned */
    Tensor apply(int[] tokens, Step step) {
        Tensor rows = rows(table, tokens, step);
        step.adaptation().embed(rows, tokens, step.ops());
        Tensor h = scaled(rows, step);
        return positions.isEmpty() ? h : sum(h, rows(positions.get(), places(step), step), step);
    }

    private int[] places(Step step) {
        int[] places = Arrays.stream(step.batch().positions())
                .map(position -> position + input.positionOffset())
                .toArray();
        for (int place : places) {
            if (place >= input.positions()) {
                throw new IllegalArgumentException("position " + (place - input.positionOffset()) + " is beyond the "
                        + (input.positions() - input.positionOffset()) + " that the model has learned");
            }
        }
        return places;
    }

    private static Tensor rows(Tensor table, int[] rows, Step step) {
        Tensor h = step.empty(rows.length, table.cols());
        step.ops().gather(h, table, rows);
        Tape tape = step.tape();
        Tensor gradient = tape.weightGradient(table);
        if (gradient == null) {
            step.markConstant(h);
        } else {
            tape.record(() -> step.ops().scatterAdd(gradient, tape.gradient(h), rows));
        }
        return h;
    }

    private Tensor scaled(Tensor x, Step step) {
        if (input.scale() == 1) {
            return x;
        }
        Tensor y = step.ops().workspace().zeros(x.rows(), x.cols());
        add(y, x, input.scale(), step);
        if (step.isConstant(x)) {
            step.markConstant(y);
        }
        return y;
    }

    private static Tensor sum(Tensor a, Tensor b, Step step) {
        Tensor y = step.ops().workspace().zeros(a.rows(), a.cols());
        add(y, a, 1, step);
        add(y, b, 1, step);
        if (step.isConstant(a) && step.isConstant(b)) {
            step.markConstant(y);
        }
        return y;
    }

    /** y += scale · x, with a way back where anything trainable lies before x. */
    private static void add(Tensor y, Tensor x, float scale, Step step) {
        step.ops().add(y, x, scale);
        if (!step.isConstant(x)) {
            step.tape()
                    .record(() ->
                            step.ops().add(step.tape().gradient(x), step.tape().gradient(y), scale));
        }
    }
}
