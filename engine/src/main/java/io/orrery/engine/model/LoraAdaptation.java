package io.orrery.engine.model;

import io.orrery.engine.model.LoraAdapter.Delta;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.ops.Workspace;
import io.orrery.engine.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which rows of a batch get what an adapter adds. Several adapters over one base share a batch, and a row's result is bitwise
 * the same whichever rows stand beside it. Confined to the thread that owns the device.
 */
public final class LoraAdaptation implements Adaptation {
    private final List<Group> groups;

    private LoraAdaptation(List<Group> groups) {
        this.groups = groups;
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive) of a batch. */
    public record Range(LoraAdapter adapter, int from, int to) {}

    /** An adapter and the rows that get it. */
    private interface Group {
        LoraAdapter adapter();

        void add(Tensor y, Tensor x, Delta delta, Ops ops, Tape tape);
    }

    /** One adapter for every row; as in training, with a way back. */
    public static LoraAdaptation all(LoraAdapter adapter) {
        return new LoraAdaptation(List.of(new All(adapter)));
    }

    /** For inference: each range's rows get its adapter, rows of no range the base alone. Ranges do not overlap. */
    public static LoraAdaptation of(List<Range> ranges) {
        Map<LoraAdapter, IntStream> rows = new IdentityHashMap<>();
        for (Range range : ranges) {
            rows.merge(range.adapter(), IntStream.range(range.from(), range.to()), IntStream::concat);
        }
        return new LoraAdaptation(rows.entrySet().stream()
                .<Group>map(entry ->
                        new Some(entry.getKey(), entry.getValue().sorted().toArray()))
                .toList());
    }

    @Override
    public void add(String projection, Tensor y, Tensor x, Ops ops, Tape tape) {
        for (Group group : groups) {
            Optional<Delta> delta = group.adapter().delta(projection);
            if (delta.isPresent()) {
                group.add(y, x, delta.get(), ops, tape);
            }
        }
    }

    private record All(LoraAdapter adapter) implements Group {
        @Override
        public void add(Tensor y, Tensor x, Delta delta, Ops ops, Tape tape) {
            long mark = ops.workspace().mark();
            new LowRank(delta, ops, tape).add(y, x);
            if (!tape.isRecording()) {
                ops.workspace().release(mark);
            }
        }
    }

    /** Ascending rows: where they are neighbours they are computed where they lie, else beside. */
    private static final class Some implements Group {
        private final LoraAdapter adapter;
        private final int[] rows;

        Some(LoraAdapter adapter, int[] rows) {
            this.adapter = adapter;
            this.rows = rows;
        }

        @Override
        public LoraAdapter adapter() {
            return adapter;
        }

        @Override
        public void add(Tensor y, Tensor x, Delta delta, Ops ops, Tape tape) {
            if (tape.isRecording()) {
                throw new IllegalArgumentException("adapters for some rows of a batch are for inference alone");
            }
            if (rows.length == 0) {
                return;
            }
            Workspace workspace = ops.workspace();
            long mark = workspace.mark();
            LowRank lowRank = new LowRank(delta, ops, tape);
            if (rows[rows.length - 1] - rows[0] == rows.length - 1) {
                int to = rows[0] + rows.length;
                lowRank.add(y.rows(rows[0], to), x.rows(rows[0], to));
            } else {
                Tensor chosenY = gathered(y, ops);
                lowRank.add(chosenY, gathered(x, ops));
                ops.store(y, chosenY, rows);
            }
            workspace.release(mark);
        }

        private Tensor gathered(Tensor x, Ops ops) {
            Tensor chosen = ops.workspace().empty(rows.length, x.cols());
            ops.gather(chosen, x, rows);
            return chosen;
        }
    }
}
