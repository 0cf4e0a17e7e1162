package io.orrery.engine.ops;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** What the backends ask of their arguments before they touch memory: one sentence that names the values. */
public final class Arguments {
    private Arguments() {}

    /** @throws IllegalArgumentException with the formatted message where the condition does not hold */
    public static void require(boolean condition, String message, @Nullable Object... values) {
        if (!condition) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }

    public static void f32(@Nullable Tensor... tensors) {
        for (Tensor tensor : tensors) {
            require(tensor == null || tensor.dtype() == DType.F32, "%s must be F32", tensor);
        }
    }

    /** F32 tensors of as many elements as the first. */
    public static void sameElements(Tensor first, @Nullable Tensor... others) {
        f32(first);
        f32(others);
        for (Tensor other : others) {
            require(
                    other == null || other.elements() == first.elements(),
                    "%s and %s differ in their number of elements",
                    first,
                    other);
        }
    }

    /** Every row number lies within {@code 0..limit}. */
    public static void rows(int[] rows, int limit) {
        for (int row : rows) {
            require(row >= 0 && row < limit, "row %s is not within 0..%s", row, limit - 1);
        }
    }

    public static void gather(Tensor y, Tensor x, int[] rows) {
        f32(y);
        require(
                y.cols() == x.cols() && y.rows() == rows.length,
                "gather: %s rows of %s do not fit %s",
                rows.length,
                x,
                y);
        rows(rows, x.rows());
    }

    public static void scaleColumns(Tensor y, Tensor x, Tensor w) {
        f32(y, x, w);
        require(
                y.elements() == x.elements() && y.cols() == x.cols() && w.elements() == x.cols(),
                "columns of %s cannot be scaled by %s into %s",
                x,
                w,
                y);
    }

    public static void columns(Tensor narrow, Tensor wide, int from) {
        f32(narrow, wide);
        require(
                narrow.rows() == wide.rows() && from >= 0 && from + narrow.cols() <= wide.cols(),
                "columns from %s of %s do not fit %s",
                from,
                wide,
                narrow);
    }

    public static void scatter(Tensor y, Tensor x, int[] rows) {
        f32(y, x);
        require(
                y.cols() == x.cols() && x.rows() == rows.length,
                "scatter: %s to %s rows of %s do not fit",
                x,
                rows.length,
                y);
        rows(rows, y.rows());
    }

    public static void linear(@Nullable Tensor y, @Nullable Tensor x, Tensor w, @Nullable Tensor b) {
        f32(y, x, b);
        require(
                (y == null || y.cols() == w.rows())
                        && (x == null || x.cols() == w.cols())
                        && (y == null || x == null || y.rows() == x.rows())
                        && (b == null || b.elements() == w.rows()),
                "linear: x %s, w %s, b %s and y %s do not fit",
                x,
                w,
                b,
                y);
    }

    public static void linearGradients(@Nullable Tensor dx, @Nullable Tensor dw, Tensor x, Tensor w) {
        sameElements(x, dx);
        f32(dw);
        require(dw == null || dw.elements() == w.elements(), "linear: gradient %s does not fit weight %s", dw, w);
    }

    public static void norm(Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        sameElements(y, x);
        f32(w, b);
        require(
                w.elements() > 0 && x.cols() % w.elements() == 0 && (b == null || b.elements() == w.elements()),
                "norm: rows of %s are not groups of %s with %s",
                x,
                w,
                b);
    }

    public static void ropeAngles(Tensor angles, int[] positions, float[] inverseFrequencies) {
        f32(angles);
        require(
                angles.elements() == 2L * positions.length * inverseFrequencies.length,
                "ropeAngles: %s does not hold %s positions of %s frequencies",
                angles,
                positions.length,
                inverseFrequencies.length);
    }

    public static void rope(Tensor y, Tensor x, Tensor angles, int headDim) {
        sameElements(y, x);
        f32(angles);
        require(
                headDim > 0
                        && x.cols() % headDim == 0
                        && angles.cols() % 2 == 0
                        && angles.cols() <= headDim
                        && angles.rows() == x.rows(),
                "rope: angles %s do not fit %s in heads of %s",
                angles,
                x,
                headDim);
    }

    public static void attention(Tensor q, Tensor k, Batch batch, AttentionShape shape) {
        f32(q, k);
        require(
                q.rows() == batch.tokens() && q.cols() == shape.heads() * shape.headDim(),
                "attention: queries %s do not fit %s tokens with %s",
                q,
                batch.tokens(),
                shape);
        require(k.cols() == shape.kvHeads() * shape.headDim(), "attention: keys or values %s do not fit %s", k, shape);
        for (int s = 0; s < batch.sequences(); s++) {
            contextOf(batch, s, k.rows());
        }
    }

    private static void contextOf(Batch batch, int s, int rows) {
        int context = batch.contextLengths()[s];
        int tokens = batch.starts()[s + 1] - batch.starts()[s];
        int[] table = batch.blockTables()[s];
        int blocks = (context + batch.blockSize() - 1) / batch.blockSize();
        require(
                tokens <= context && blocks <= table.length,
                "attention: sequence %s has %s tokens in the step, %s keys and %s blocks of %s",
                s,
                tokens,
                context,
                table.length,
                batch.blockSize());
        for (int i = 0; i < blocks; i++) {
            int keys = Math.min(batch.blockSize(), context - i * batch.blockSize());
            require(
                    table[i] >= 0 && (long) table[i] * batch.blockSize() + keys <= rows,
                    "attention: block %s of sequence %s is number %s, outside %s rows of keys",
                    i,
                    s,
                    table[i],
                    rows);
        }
    }

    public static void probabilities(Tensor p, Batch batch, int sequence, AttentionShape shape) {
        f32(p);
        require(
                sequence >= 0 && sequence < batch.sequences(),
                "attention: there is no sequence %s among %s",
                sequence,
                batch.sequences());
        long tokens = batch.starts()[sequence + 1] - batch.starts()[sequence];
        require(
                p.elements() == shape.heads() * tokens * batch.contextLengths()[sequence],
                "attention: %s does not hold the probabilities of %s heads, %s tokens and %s keys",
                p,
                shape.heads(),
                tokens,
                batch.contextLengths()[sequence]);
    }

    public static void crossEntropy(Tensor losses, @Nullable Tensor dLogits, Tensor logits, int[] targets) {
        f32(losses, logits);
        require(
                losses.elements() == targets.length && logits.rows() == targets.length,
                "crossEntropy: losses %s, logits %s and %s targets do not fit",
                losses,
                logits,
                targets.length);
        if (dLogits != null) {
            sameElements(logits, dLogits);
        }
        for (int target : targets) {
            require(
                    target == Ops.IGNORED || target >= 0 && target < logits.cols(),
                    "crossEntropy: target %s is not within 0..%s",
                    target,
                    logits.cols() - 1);
        }
    }
}
