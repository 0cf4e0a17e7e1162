package io.orrery.engine.cuda;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.ops.Activation;
import io.orrery.engine.ops.AdamWStep;
import io.orrery.engine.ops.Arguments;
import io.orrery.engine.ops.AttentionShape;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Workspace;
import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@link Ops} over CUDA kernels, on a GPU or in the emulator. No operation waits for the device but those that read from it.
 * A row's result depends neither on the batch nor on when what ran.
 */
final class CudaOps implements Ops {
    private static final int ELEMENTS = 256;
    private static final int COLUMNS = 128;
    /** A grid's y ends at 65535; kernels of rows.cu stride. */
    private static final int MOST_ROWS = 32768;

    private static final int SQUARES = 4096;
    private static final long FIRST_CHUNK = 64L << 20;

    private final Gpu gpu;
    private final String device;
    private final CudaTensors tensors;
    private final CudaWorkspace workspace;
    private final Call call;
    private final CudaLinear linear;
    private final CudaNorm norm;
    private final CudaAttention attention;

    /**
     * @param gpu is closed with this
     * @param device its name for people
     * @param activations precision of what weights are multiplied by
     */
    CudaOps(Gpu gpu, String device, ActivationMode activations) {
        this.gpu = gpu;
        this.device = device;
        tensors = new CudaTensors(gpu);
        workspace = new CudaWorkspace(gpu, FIRST_CHUNK);
        call = new Call(gpu);
        linear = new CudaLinear(call, tensors, activations, gpu);
        norm = new CudaNorm(call);
        attention = new CudaAttention(gpu, call, tensors, activations);
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
        return linear.pack(host);
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
        return linear.read(from);
    }

    @Override
    public void zero(Tensor x) {
        DeviceMemory memory = CudaTensors.memory(x);
        gpu.zero(memory.address(), memory.byteSize());
    }

    @Override
    public void gather(Tensor y, Tensor x, int[] rows) {
        Arguments.gather(y, x, rows);
        linear.gather(y, x, rows);
    }

    @Override
    public void scatterAdd(Tensor y, Tensor x, int[] rows) {
        Arguments.scatter(y, x, rows);
        call.start("scatter_add").pointer(y).pointer(x).ints(rows);
        call.integer(rows.length).integer(x.cols()).run(Geometry.elements(x.cols(), COLUMNS));
    }

    @Override
    public void store(Tensor y, Tensor x, int[] rows) {
        Arguments.scatter(y, x, rows);
        call.start("store_rows").pointer(y).pointer(x).ints(rows);
        call.integer(rows.length).integer(x.cols()).run(rows(rows.length, x.cols()));
    }

    /** Of rows.cu: blocks of columns, and a row of blocks a row of the tensor as far as a grid goes. */
    static Geometry rows(int rows, int cols) {
        return Geometry.blocks(Math.ceilDiv(cols, COLUMNS), Math.min(rows, MOST_ROWS), COLUMNS);
    }

    @Override
    public void linear(Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        Arguments.linear(y, x, w, b);
        linear.forward(y, x, w, b);
    }

    @Override
    public void linearBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w) {
        Arguments.linear(dy, x, w, db);
        Arguments.linearGradients(dx, dw, x, w);
        linear.backward(dx, dw, db, dy, x, w);
    }

    @Override
    public void rmsNorm(Tensor y, Tensor x, Tensor w, float eps, float offset) {
        Arguments.norm(y, x, w, null);
        norm.rms(y, x, w, eps, offset);
    }

    @Override
    public void rmsNormBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, Tensor dy, Tensor x, Tensor w, float eps, float offset) {
        Arguments.norm(dy, x, w, dw);
        Arguments.sameElements(x, dx);
        norm.rmsBackward(dx, dw, dy, x, w, eps, offset);
    }

    @Override
    public void layerNorm(Tensor y, Tensor x, Tensor w, Tensor b, float eps) {
        Arguments.norm(y, x, w, b);
        norm.layer(y, x, w, b, eps);
    }

    @Override
    public void layerNormBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w, float eps) {
        Arguments.norm(dy, x, w, dw);
        Arguments.norm(dy, x, w, db);
        Arguments.sameElements(x, dx);
        norm.layerBackward(dx, dw, db, dy, x, w, eps);
    }

    @Override
    public void ropeAngles(Tensor angles, int[] positions, float[] inverseFrequencies, float scale) {
        Arguments.ropeAngles(angles, positions, inverseFrequencies);
        int pairs = inverseFrequencies.length;
        call.start("rope_angles").pointer(angles).ints(positions).floats(inverseFrequencies);
        call.integer(positions.length).integer(pairs).real(scale);
        call.run(Geometry.elements((long) positions.length * pairs, COLUMNS));
    }

    @Override
    public void rope(Tensor y, Tensor x, Tensor angles, int headDim, int sign) {
        Arguments.rope(y, x, angles, headDim);
        int pairs = angles.cols() / 2;
        call.start("rope").pointer(y).pointer(x).pointer(angles).integer(x.rows());
        call.integer(x.cols() / headDim).integer(headDim).integer(pairs).integer(sign < 0 ? 1 : 0);
        call.run(Geometry.elements(x.elements() / headDim * (headDim - pairs), COLUMNS));
    }

    @Override
    public void attention(Tensor y, Tensor q, Tensor k, Tensor v, Batch batch, AttentionShape shape) {
        Arguments.sameElements(q, y);
        Arguments.sameElements(k, v);
        Arguments.attention(q, k, batch, shape);
        attention.forward(y, q, k, v, batch, shape);
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
        attention.backward(dq, dk, dv, dy, q, k, v, batch, shape);
    }

    @Override
    public void attentionProbabilities(Tensor p, Tensor q, Tensor k, Batch batch, int sequence, AttentionShape shape) {
        Arguments.attention(q, k, batch, shape);
        Arguments.probabilities(p, batch, sequence, shape);
        attention.probabilities(p, q, k, batch, sequence, shape);
    }

    @Override
    public void activate(Tensor y, Tensor gate, @Nullable Tensor up, Activation activation) {
        Arguments.sameElements(y, gate, up);
        call.start("activate").pointer(y).pointer(gate).pointer(up).number(y.elements());
        call.integer(kind(activation)).run(Geometry.elements(y.elements(), ELEMENTS));
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
        call.start("activate_backward").pointer(dGate).pointer(dUp).pointer(dy);
        call.pointer(gate).pointer(up).number(dy.elements());
        call.integer(kind(activation)).run(Geometry.elements(dy.elements(), ELEMENTS));
    }

    /** The numbers of activate.cu. */
    private static int kind(Activation activation) {
        return switch (activation) {
            case SILU -> 0;
            case GELU -> 1;
            case GELU_TANH -> 2;
            case QUICK_GELU -> 3;
            case RELU -> 4;
        };
    }

    @Override
    public void add(Tensor y, Tensor x, float scale) {
        Arguments.sameElements(y, x);
        call.start("add").pointer(y).pointer(x).number(y.elements()).real(scale);
        call.run(Geometry.elements(y.elements(), ELEMENTS));
    }

    @Override
    public void copy(Tensor y, Tensor x) {
        Arguments.sameElements(y, x);
        gpu.copy(CudaTensors.memory(y).address(), CudaTensors.memory(x).address(), Float.BYTES * x.elements());
    }

    @Override
    public void scaleColumns(Tensor y, Tensor x, Tensor w) {
        Arguments.scaleColumns(y, x, w);
        call.start("scale_columns").pointer(y).pointer(x).pointer(w);
        call.integer(x.rows()).integer(x.cols()).run(rows(x.rows(), x.cols()));
    }

    @Override
    public void scaleColumnsBackward(@Nullable Tensor dx, @Nullable Tensor dw, Tensor dy, Tensor x, Tensor w) {
        Arguments.scaleColumns(dy, x, w);
        if (dx != null) {
            call.start("scale_columns_backward_x").pointer(dx).pointer(dy).pointer(w);
            call.integer(x.rows()).integer(x.cols()).run(rows(x.rows(), x.cols()));
        }
        if (dw != null) {
            call.start("scale_columns_backward_w").pointer(dw).pointer(dy).pointer(x);
            call.integer(x.rows()).integer(x.cols()).run(Geometry.elements(x.cols(), COLUMNS));
        }
    }

    @Override
    public void columns(Tensor y, Tensor x, int from) {
        Arguments.columns(y, x, from);
        call.start("columns").pointer(y).pointer(x).integer(y.rows()).integer(y.cols());
        call.integer(x.cols()).integer(from).run(rows(y.rows(), y.cols()));
    }

    @Override
    public void columnsBackward(Tensor dx, Tensor dy, int from) {
        Arguments.columns(dy, dx, from);
        call.start("columns_backward")
                .pointer(dx)
                .pointer(dy)
                .integer(dy.rows())
                .integer(dy.cols());
        call.integer(dx.cols()).integer(from).run(rows(dy.rows(), dy.cols()));
    }

    @Override
    public void crossEntropy(
            Tensor losses, @Nullable Tensor dLogits, Tensor logits, int[] targets, float gradientScale) {
        Arguments.crossEntropy(losses, dLogits, logits, targets);
        call.start("cross_entropy")
                .pointer(losses)
                .pointer(dLogits)
                .pointer(logits)
                .ints(targets);
        call.integer(logits.cols()).real(gradientScale).run(Geometry.blocks(logits.rows(), ELEMENTS));
    }

    @Override
    public double sumOfSquares(Tensor x) {
        Arguments.f32(x);
        int blocks = Math.toIntExact(Math.ceilDiv(x.elements(), SQUARES));
        call.start("sum_of_squares");
        Tensor sums = call.array(2L * blocks);
        call.pointer(sums).pointer(x).number(x.elements()).run(Geometry.blocks(blocks, ELEMENTS));
        double sum = 0;
        for (double each : call.doubles(sums, blocks)) {
            sum += each;
        }
        return sum;
    }

    @Override
    public void adamW(Tensor w, Tensor dw, Tensor firstMoment, Tensor secondMoment, AdamWStep step) {
        Arguments.sameElements(w, dw, firstMoment, secondMoment);
        call.start("adamw")
                .pointer(w)
                .pointer(firstMoment)
                .pointer(secondMoment)
                .pointer(dw);
        call.number(w.elements()).real(1 - step.learningRate() * step.weightDecay());
        call.real(step.beta1()).real(step.beta2()).real(1 - step.beta1()).real(1 - step.beta2());
        call.real(step.learningRate() / (1 - Math.pow(step.beta1(), step.step())));
        call.real(1 / Math.sqrt(1 - Math.pow(step.beta2(), step.step())));
        call.real(step.epsilon()).real(step.gradientScale());
        call.run(Geometry.elements(w.elements(), ELEMENTS));
    }

    @Override
    public void close() {
        attention.close();
        linear.close();
        call.close();
        workspace.close();
        tensors.close();
        gpu.close();
    }
}
