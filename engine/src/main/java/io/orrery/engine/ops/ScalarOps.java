package io.orrery.engine.ops;

import static io.orrery.engine.ops.Elements.get;

import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * {@link Ops} in plain loops, summed in double: what the operations mean, what the fast backends are tested against, and
 * what runs where no C compiler was found. Weights stay in the blocks they came in.
 */
public final class ScalarOps implements Ops {
    private final HostTensors tensors = new HostTensors();
    private final HostWorkspace workspace = new HostWorkspace();
    private final String device;

    public ScalarOps() {
        this("cpu (scalar)");
    }

    /** @param device the name that {@link #device} gives, such as one that says why nothing faster runs */
    public ScalarOps(String device) {
        this.device = device;
    }

    @Override
    public String device() {
        return device;
    }

    @Override
    public Workspace workspace() {
        return workspace;
    }

    @Override
    public Tensor persistent(long... dims) {
        return tensors.persistent(dims);
    }

    @Override
    public Tensor pack(Tensor host) {
        return tensors.pack(host);
    }

    @Override
    public void free(Tensor persistentOrPacked) {
        tensors.free(persistentOrPacked);
    }

    @Override
    public void write(Tensor to, float[] values) {
        tensors.write(to, values);
    }

    @Override
    public float[] read(Tensor from) {
        return tensors.read(from);
    }

    @Override
    public void zero(Tensor x) {
        x.segment().fill((byte) 0);
    }

    @Override
    public void gather(Tensor y, Tensor x, int[] rows) {
        Arguments.gather(y, x, rows);
        float[] row = new float[x.cols()];
        for (int i = 0; i < rows.length; i++) {
            Elements.row(x, rows[i], row);
            tensors.write(y.rows(i, i + 1), row);
        }
    }

    @Override
    public void scatterAdd(Tensor y, Tensor x, int[] rows) {
        Arguments.scatter(y, x, rows);
        for (int i = 0; i < rows.length; i++) {
            for (int c = 0; c < x.cols(); c++) {
                Elements.add(y.segment(), (long) rows[i] * x.cols() + c, get(x.segment(), (long) i * x.cols() + c));
            }
        }
    }

    @Override
    public void store(Tensor y, Tensor x, int[] rows) {
        Arguments.scatter(y, x, rows);
        for (int i = 0; i < rows.length; i++) {
            MemorySegment.copy(x.segment(), i * x.rowBytes(), y.segment(), rows[i] * x.rowBytes(), x.rowBytes());
        }
    }

    @Override
    public void linear(Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        Arguments.linear(y, x, w, b);
        ScalarLinear.linear(y, x, w, b);
    }

    @Override
    public void linearBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w) {
        Arguments.linear(dy, x, w, db);
        Arguments.linearGradients(dx, dw, x, w);
        ScalarLinear.backward(dx, dw, db, dy, x, w);
    }

    @Override
    public void rmsNorm(Tensor y, Tensor x, Tensor w, float eps, float offset) {
        Arguments.norm(y, x, w, null);
        ScalarNorm.rms(y, x, w, eps, offset);
    }

    @Override
    public void rmsNormBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, Tensor dy, Tensor x, Tensor w, float eps, float offset) {
        Arguments.norm(dy, x, w, dw);
        Arguments.sameElements(x, dx);
        ScalarNorm.rmsBackward(dx, dw, dy, x, w, eps, offset);
    }

    @Override
    public void layerNorm(Tensor y, Tensor x, Tensor w, Tensor b, float eps) {
        Arguments.norm(y, x, w, b);
        ScalarNorm.layer(y, x, w, b, eps);
    }

    @Override
    public void layerNormBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w, float eps) {
        Arguments.norm(dy, x, w, dw);
        Arguments.norm(dy, x, w, db);
        Arguments.sameElements(x, dx);
        ScalarNorm.layerBackward(dx, dw, db, dy, x, w, eps);
    }

    @Override
    public void ropeAngles(Tensor angles, int[] positions, float[] inverseFrequencies, float scale) {
        Arguments.ropeAngles(angles, positions, inverseFrequencies);
        ScalarRope.angles(angles, positions, inverseFrequencies, scale);
    }

    @Override
    public void rope(Tensor y, Tensor x, Tensor angles, int headDim, int sign) {
        Arguments.rope(y, x, angles, headDim);
        ScalarRope.rotate(y, x, angles, headDim, sign);
    }

    @Override
    public void attention(Tensor y, Tensor q, Tensor k, Tensor v, Batch batch, AttentionShape shape) {
        Arguments.sameElements(q, y);
        Arguments.sameElements(k, v);
        Arguments.attention(q, k, batch, shape);
        new ScalarAttention(batch, shape).forward(y, q, k, v);
    }

    @Override
    public void attentionBackward(
            @Nullable Tensor dq,
            @Nullable Tensor dk,
            @Nullable Tensor dv,
            Tensor dy,
            Tensor q,
            Tensor k,
            Tensor v,
            Batch batch,
            AttentionShape shape) {
        Arguments.sameElements(q, dy, dq);
        Arguments.sameElements(k, v, dk, dv);
        Arguments.attention(q, k, batch, shape);
        new ScalarAttention(batch, shape).backward(dq, dk, dv, dy, q, k, v);
    }

    @Override
    public void attentionProbabilities(Tensor p, Tensor q, Tensor k, Batch batch, int sequence, AttentionShape shape) {
        Arguments.attention(q, k, batch, shape);
        Arguments.probabilities(p, batch, sequence, shape);
        new ScalarAttention(batch, shape).look(p, q, k, sequence);
    }

    @Override
    public void activate(Tensor y, Tensor gate, @Nullable Tensor up, Activation activation) {
        Arguments.sameElements(y, gate, up);
        ScalarActivation.forward(y, gate, up, activation);
    }

    @Override
    public void activateBackward(
            @Nullable Tensor dGate,
            @Nullable Tensor dUp,
            Tensor dy,
            Tensor gate,
            @Nullable Tensor up,
            Activation activation) {
        Arguments.sameElements(dy, gate, up, dGate, dUp);
        ScalarActivation.backward(dGate, dUp, dy, gate, up, activation);
    }

    @Override
    public void add(Tensor y, Tensor x, float scale) {
        Arguments.sameElements(y, x);
        for (long i = 0; i < y.elements(); i++) {
            Elements.add(y.segment(), i, (double) scale * get(x.segment(), i));
        }
    }

    @Override
    public void copy(Tensor y, Tensor x) {
        Arguments.sameElements(y, x);
        MemorySegment.copy(x.segment(), 0, y.segment(), 0, 4 * x.elements());
    }

    @Override
    public void scaleColumns(Tensor y, Tensor x, Tensor w) {
        Arguments.scaleColumns(y, x, w);
        for (long i = 0; i < x.elements(); i++) {
            Elements.set(y.segment(), i, get(x.segment(), i) * get(w.segment(), i % x.cols()));
        }
    }

    @Override
    public void scaleColumnsBackward(@Nullable Tensor dx, @Nullable Tensor dw, Tensor dy, Tensor x, Tensor w) {
        Arguments.scaleColumns(dy, x, w);
        for (long i = 0; i < x.elements(); i++) {
            float gradient = get(dy.segment(), i);
            if (dx != null) {
                Elements.add(dx.segment(), i, gradient * get(w.segment(), i % x.cols()));
            }
            if (dw != null) {
                Elements.add(dw.segment(), i % x.cols(), gradient * get(x.segment(), i));
            }
        }
    }

    @Override
    public void columns(Tensor y, Tensor x, int from) {
        Arguments.columns(y, x, from);
        for (int t = 0; t < y.rows(); t++) {
            MemorySegment.copy(x.segment(), t * x.rowBytes() + 4L * from, y.segment(), t * y.rowBytes(), y.rowBytes());
        }
    }

    @Override
    public void columnsBackward(Tensor dx, Tensor dy, int from) {
        Arguments.columns(dy, dx, from);
        for (int t = 0; t < dy.rows(); t++) {
            for (int i = 0; i < dy.cols(); i++) {
                long at = (long) t * dx.cols() + from + i;
                Elements.add(dx.segment(), at, get(dy.segment(), (long) t * dy.cols() + i));
            }
        }
    }

    @Override
    public void crossEntropy(
            Tensor losses, @Nullable Tensor dLogits, Tensor logits, int[] targets, float gradientScale) {
        Arguments.crossEntropy(losses, dLogits, logits, targets);
        ScalarLoss.crossEntropy(losses, dLogits, logits, targets, gradientScale);
    }

    @Override
    public double sumOfSquares(Tensor x) {
        Arguments.f32(x);
        return ScalarUpdate.sumOfSquares(x);
    }

    @Override
    public void adamW(Tensor w, Tensor dw, Tensor firstMoment, Tensor secondMoment, AdamWStep step) {
        Arguments.sameElements(w, dw, firstMoment, secondMoment);
        ScalarUpdate.adamW(w, dw, firstMoment, secondMoment, step);
    }

    @Override
    public void close() {
        workspace.close();
        tensors.close();
    }
}
