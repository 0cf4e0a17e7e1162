package io.orrery.cli.lens;

import io.orrery.engine.model.Observer;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Keeps what one pass over one sequence is looked into for. Confined to the thread that owns the device. */
final class Eyes implements Observer {
    private final Ops ops;
    private final Looks looks;
    private final int tokens;
    private final List<float[]> lastRows = new ArrayList<>();
    private Optional<Attention> attention = Optional.empty();

    Eyes(Ops ops, Looks looks, int tokens) {
        this.ops = ops;
        this.looks = looks;
        this.tokens = tokens;
    }

    /** The last token's row of the residual stream after each layer, where that was wanted. */
    List<float[]> lastRows() {
        return lastRows;
    }

    Optional<Attention> attention() {
        return attention;
    }

    @Override
    public void residual(int layer, Tensor h) {
        if (looks.lens()) {
            lastRows.add(ops.read(h.rows(tokens - 1, tokens)));
        }
    }

    @Override
    public boolean wantsAttention(int layer) {
        return looks.head().filter(head -> head.layer() == layer).isPresent();
    }

    @Override
    public void attention(int layer, int sequence, Tensor probabilities) {
        int head = looks.head().map(HeadName::head).orElseThrow();
        float[] all = ops.read(probabilities);
        int first = head * tokens * tokens;
        List<float[]> rows = IntStream.range(0, tokens)
                .mapToObj(row -> Arrays.copyOfRange(all, first + row * tokens, first + row * tokens + row + 1))
                .toList();
        attention = Optional.of(new Attention(layer, head, probabilities.rows() / tokens, rows));
    }
}
