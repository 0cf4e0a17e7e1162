package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.List;

/** Queries, keys and values of an attention: three projections, or one whose output is cut. */
sealed interface QueryKeyValue {
    /** Of every token: [T, heads·headDim], [T, kvHeads·headDim] and as much. */
    record Rows(Tensor query, Tensor key, Tensor value) {}

    Rows apply(Tensor x, Step step);

    static QueryKeyValue of(String name, Attention spec, NamedWeights weights) {
        return spec.fused()
                ? new Fused(weights.projection(name + "_qkv"), spec.queryWidth(), spec.keyWidth())
                : new Separate(
                        weights.projection(name + "_q"),
                        weights.projection(name + "_k"),
                        weights.projection(name + "_v"));
    }

    record Separate(Projection query, Projection key, Projection value) implements QueryKeyValue {
        @Override
        public Rows apply(Tensor x, Step step) {
            List<Tensor> rows = Projection.applyEach(x, step, List.of(query, key, value));
            return new Rows(rows.get(0), rows.get(1), rows.get(2));
        }
    }

    record Fused(Projection projection, int queryWidth, int keyWidth) implements QueryKeyValue {
        @Override
        public Rows apply(Tensor x, Step step) {
            Tensor all = projection.apply(x, step);
            return new Rows(
                    columns(all, 0, queryWidth, step),
                    columns(all, queryWidth, keyWidth, step),
                    columns(all, queryWidth + keyWidth, keyWidth, step));
        }
    }

    /** A part of every row, with a way back. */
    static Tensor columns(Tensor x, int from, int count, Step step) {
        Tensor y = step.empty(x.rows(), count);
        Tape tape = step.tape();
        step.ops().columns(y, x, from);
        tape.record(() -> step.ops().columnsBackward(tape.gradient(x), tape.gradient(y), from));
        return y;
    }
}
