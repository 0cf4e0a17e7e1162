package io.orrery.engine.model;

import io.orrery.engine.model.LoraAdapter.Delta;
import io.orrery.engine.model.LoraAdapter.EmbeddingDelta;
import io.orrery.engine.model.LoraAdapter.Replacement;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.ops.Workspace;
import io.orrery.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Which rows of a batch an adapter changes. Several adapters over one base share a batch, and a row's result is bitwise the same
 * whichever rows stand beside it. Confined to the thread that owns the device.
 */
public final class LoraAdaptation implements Adaptation {
    private final List<Group> groups;

    private LoraAdaptation(List<Group> groups) {
        this.groups = groups;
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive) of a batch. */
    public record Range(LoraAdapter adapter, int from, int to) {}

    /** An adapter and the rows that it changes: all, or some in ascending order. */
    private record Group(LoraAdapter adapter, Optional<Rows> rows) {}

    /** One adapter for every row; as in training, with a way back. Several add up where they are pairs alone. */
    public static LoraAdaptation all(LoraAdapter... adapters) {
        return new LoraAdaptation(Arrays.stream(adapters)
                .map(adapter -> new Group(adapter, Optional.empty()))
                .toList());
    }

    /** For inference: each range's rows get its adapter, rows of no range the base alone. Ranges do not overlap. */
    public static LoraAdaptation of(List<Range> ranges) {
        Map<LoraAdapter, IntStream> rows = new IdentityHashMap<>();
        for (Range range : ranges) {
            rows.merge(range.adapter(), IntStream.range(range.from(), range.to()), IntStream::concat);
        }
        return new LoraAdaptation(rows.entrySet().stream()
                .map(entry -> new Group(
                        entry.getKey(),
                        Optional.of(new Rows(entry.getValue().sorted().toArray()))))
                .toList());
    }

    @Override
    public void add(String projection, Tensor y, Tensor x, Ops ops, Tape tape) {
        for (Group group : groups) {
            Optional<Delta> delta = group.adapter().delta(projection);
            Optional<Replacement> replacement = group.adapter().replacement(projection);
            if (delta.isEmpty() && replacement.isEmpty()) {
                continue;
            }
            if (tape.isRecording() && (group.rows().isPresent() || replacement.isPresent())) {
                throw new IllegalArgumentException(
                        "adapters for some rows of a batch, and weights in others' place, are for inference alone");
            }
            Change change = new Change(delta, replacement, ops, tape);
            long mark = ops.workspace().mark();
            if (group.rows().isEmpty()) {
                change.apply(y, x);
            } else {
                group.rows().get().on(y, x, ops, change);
            }
            if (!tape.isRecording()) {
                ops.workspace().release(mark);
            }
        }
    }

    @Override
    public void embed(Tensor h, int[] tokens, Ops ops) {
        for (Group group : groups) {
            LoraAdapter adapter = group.adapter();
            if (adapter.embedding().isPresent()
                    || adapter.replacement("token_embd").isPresent()) {
                long mark = ops.workspace().mark();
                if (group.rows().isEmpty()) {
                    embed(adapter, h, tokens, ops);
                } else {
                    Rows rows = group.rows().get();
                    rows.on(h, ops, chosen -> embed(adapter, chosen, rows.of(tokens), ops));
                }
                ops.workspace().release(mark);
            }
        }
    }

    private static void embed(LoraAdapter adapter, Tensor h, int[] tokens, Ops ops) {
        adapter.replacement("token_embd").ifPresent(table -> ops.gather(h, table.weight(), tokens));
        adapter.embedding().ifPresent(delta -> add(delta, h, tokens, ops));
    }

    private static void add(EmbeddingDelta delta, Tensor h, int[] tokens, Ops ops) {
        Tensor reduced = ops.workspace().empty(tokens.length, delta.a().cols());
        ops.gather(reduced, delta.a(), tokens);
        Tensor sum = ops.workspace().empty(h.rows(), h.cols());
        ops.linear(sum, reduced, delta.b(), null);
        ops.add(h, sum, delta.scale());
    }

    /** What one adapter does to rows of a projection's output y, given its input x. */
    private record Change(Optional<Delta> delta, Optional<Replacement> replacement, Ops ops, Tape tape) {
        void apply(Tensor y, Tensor x) {
            replacement.ifPresent(other -> ops.linear(y, x, other.weight(), other.bias()));
            delta.ifPresent(low -> new LowRank(low, ops, tape).add(y, x));
        }
    }

    /** Ascending rows: where they are neighbours they are computed where they lie, else beside. */
    private static final class Rows {
        private final int[] rows;

        Rows(int[] rows) {
            this.rows = rows;
        }

        int[] of(int[] values) {
            return Arrays.stream(rows).map(row -> values[row]).toArray();
        }

        void on(Tensor y, Tensor x, Ops ops, Change change) {
            on(y, ops, chosen -> change.apply(chosen, isOneStretch() ? stretch(x) : gathered(x, ops)));
        }

        void on(Tensor y, Ops ops, Consumer<Tensor> change) {
            if (rows.length == 0) {
                return;
            }
            if (isOneStretch()) {
                change.accept(stretch(y));
            } else {
                Tensor chosen = gathered(y, ops);
                change.accept(chosen);
                ops.store(y, chosen, rows);
            }
        }

        private boolean isOneStretch() {
            return rows[rows.length - 1] - rows[0] == rows.length - 1;
        }

        private Tensor stretch(Tensor tensor) {
            return tensor.rows(rows[0], rows[0] + rows.length);
        }

        private Tensor gathered(Tensor x, Ops ops) {
            Workspace workspace = ops.workspace();
            Tensor chosen = workspace.empty(rows.length, x.cols());
            ops.gather(chosen, x, rows);
            return chosen;
        }
    }
}
