package io.orrery.engine.cpu;

import io.orrery.engine.ops.Activation;
import io.orrery.engine.ops.AdamWStep;
import io.orrery.engine.ops.Arguments;
import io.orrery.engine.ops.AttentionShape;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.HostTensors;
import io.orrery.engine.ops.HostWorkspace;
import io.orrery.engine.ops.LinearOutput;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.ops.Workspace;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link Ops} over C kernels, on as many threads as asked for. A row's result depends neither on the batch nor on the number
 * of threads.
 */
public final class CpuOps implements Ops {
    /** Elements a task of an element-wise kernel takes. */
    private static final int ELEMENTS = 4096;

    private static final int ROPE_TOKENS = 16;
    private static final int CROSS_ENTROPY_ROWS = 8;

    private final HostTensors tensors = new HostTensors();
    private final HostWorkspace workspace = new HostWorkspace();
    private final ScalarOps scalar = new ScalarOps();
    private final Arena libraryArena;
    private final String device;
    private final Workers workers;
    private final Call call;
    private final CpuLinear linear;
    private final @Nullable InterleavedLinear interleaved;
    private final CpuNorm norm;
    private final CpuAttention attention;
    private final CpuColumns columns;
    private final CpuRows rows;
    private final Kernel ropeAngles;
    private final Kernel rope;
    private final Kernel activate;
    private final Kernel activateBackward;
    private final Kernel add;
    private final Kernel crossEntropy;
    private final Kernel sumOfSquares;
    private final Kernel adamW;

    private CpuOps(KernelLibrary library, Arena libraryArena, CpuOptions options) {
        this.libraryArena = libraryArena;
        device = "cpu (%s, %d threads, activations %s)"
                .formatted(library.level(), options.threads(), options.activations());
        workers = new Workers(options.threads());
        call = new Call(workers);
        linear = new CpuLinear(library, call, options);
        interleaved =
                options.activations() == ActivationMode.NATIVE ? new InterleavedLinear(library, call, tensors) : null;
        norm = new CpuNorm(library, call, linear);
        attention = new CpuAttention(library, call, options.activations());
        columns = new CpuColumns(library, call);
        rows = new CpuRows(library, call);
        ropeAngles = library.kernel("rope_angles");
        rope = library.kernel("rope");
        activate = library.kernel("activate");
        activateBackward = library.kernel("activate_backward");
        add = library.kernel("add");
        crossEntropy = library.kernel("cross_entropy");
        sumOfSquares = library.kernel("sum_of_squares");
        adamW = library.kernel("adamw");
    }

    /** The fastest that this machine runs: kernels, or {@link ScalarOps} where the build found no C compiler. */
    @SuppressWarnings("MustBeClosedChecker") // closed with the CpuOps
    public static Ops create(CpuOptions options) {
        Arena arena = Arena.ofShared();
        Optional<KernelLibrary> library = KernelLibrary.best(arena);
        if (library.isPresent()) {
            return new CpuOps(library.get(), arena, options);
        }
        arena.close();
        return new ScalarOps("cpu (scalar: built without a C compiler, slow)");
    }

    /** Kernels of one level, which the caller knows this CPU to run; empty where it was not built. */
    @SuppressWarnings("MustBeClosedChecker") // closed with the CpuOps
    static Optional<Ops> create(String level, CpuOptions options) {
        Arena arena = Arena.ofShared();
        Optional<KernelLibrary> library = KernelLibrary.open(level, arena);
        if (library.isEmpty()) {
            arena.close();
        }
        return library.map(found -> new CpuOps(found, arena, options));
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
        return interleaved != null && interleaved.takes(host) ? interleaved.pack(host) : tensors.pack(host);
    }

    @Override
    public void free(Tensor persistentOrPacked) {
        if (persistentOrPacked.storage() instanceof InterleavedRows rows) {
            packed().free(rows);
        } else {
            tensors.free(persistentOrPacked);
        }
    }

    private InterleavedLinear packed() {
        return Objects.requireNonNull(interleaved, "a weight that another device packed");
    }

    @Override
    public void write(Tensor to, float[] values) {
        tensors.write(to, values);
    }

    @Override
    public float[] read(Tensor from) {
        return from.storage() instanceof InterleavedRows ? packed().read(from) : tensors.read(from);
    }

    @Override
    public void zero(Tensor x) {
        x.segment().fill((byte) 0);
    }

    @Override
    public void gather(Tensor y, Tensor x, int[] rows) {
        Arguments.gather(y, x, rows);
        if (x.storage() instanceof InterleavedRows packed) {
            packed().decode(y, x, packed, rows);
            return;
        }
        this.rows.gather(y, x, rows);
    }

    @Override
    public void scatterAdd(Tensor y, Tensor x, int[] rows) {
        Arguments.scatter(y, x, rows);
        this.rows.scatterAdd(y, x, rows);
    }

    @Override
    public void store(Tensor y, Tensor x, int[] rows) {
        Arguments.scatter(y, x, rows);
        this.rows.store(y, x, rows);
    }

    @Override
    public void linear(Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        linears(List.of(new LinearOutput(y, w, b)), x);
    }

    @Override
    public void linears(List<LinearOutput> outputs, Tensor x) {
        for (LinearOutput output : outputs) {
            Arguments.linear(output.y(), x, output.w(), output.b());
        }
        if (outputs.stream().allMatch(output -> output.w().storage() instanceof InterleavedRows)) {
            packed().forward(outputs, x);
        } else if (outputs.size() > 1) {
            outputs.forEach(output -> linears(List.of(output), x));
        } else {
            LinearOutput output = outputs.getFirst();
            linear.forward(output.y(), x, output.w(), output.b());
        }
    }

    @Override
    public void linearBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w) {
        Arguments.linear(dy, x, w, db);
        Arguments.linearGradients(dx, dw, x, w);
        if (dx != null && w.storage() instanceof InterleavedRows) {
            // packed for inference: who trains asks for exact activations, whose weights keep their blocks
            try (HostWorkspace copies = new HostWorkspace()) {
                linear.backward(dx, dw, db, dy, x, packed().decode(copies, w));
            }
        } else {
            linear.backward(dx, dw, db, dy, x, w);
        }
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
        call.start().pointer(angles).ints(positions).floats(inverseFrequencies);
        call.integer(positions.length).integer(inverseFrequencies.length).real(scale);
        call.run(ropeAngles, Call.tasks(positions.length, ROPE_TOKENS));
    }

    @Override
    public void rope(Tensor y, Tensor x, Tensor angles, int headDim, int sign) {
        Arguments.rope(y, x, angles, headDim);
        call.start().pointer(y).pointer(x).pointer(angles).integer(x.rows()).integer(x.cols() / headDim);
        call.integer(headDim).integer(angles.cols() / 2).integer(sign < 0 ? 1 : 0);
        call.run(rope, Call.tasks(x.rows(), ROPE_TOKENS));
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

    /** To look at, not to compute with: in plain loops. */
    @Override
    public void attentionProbabilities(Tensor p, Tensor q, Tensor k, Batch batch, int sequence, AttentionShape shape) {
        scalar.attentionProbabilities(p, q, k, batch, sequence, shape);
    }

    @Override
    public void activate(Tensor y, Tensor gate, @Nullable Tensor up, Activation activation) {
        Arguments.sameElements(y, gate, up);
        call.start().pointer(y).pointer(gate).pointer(up).integer(y.elements()).integer(kind(activation));
        call.run(activate, Call.tasks(y.elements(), ELEMENTS));
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
        call.start().pointer(dGate).pointer(dUp).pointer(dy).pointer(gate).pointer(up);
        call.integer(dy.elements()).integer(kind(activation));
        call.run(activateBackward, Call.tasks(dy.elements(), ELEMENTS));
    }

    /** The numbers of activate.c. */
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
        call.start().pointer(y).pointer(x).integer(y.elements()).real(scale);
        call.run(add, Call.tasks(y.elements(), ELEMENTS));
    }

    @Override
    public void copy(Tensor y, Tensor x) {
        Arguments.sameElements(y, x);
        MemorySegment.copy(x.segment(), 0, y.segment(), 0, Float.BYTES * x.elements());
    }

    @Override
    public void scaleColumns(Tensor y, Tensor x, Tensor w) {
        Arguments.scaleColumns(y, x, w);
        columns.scale(y, x, w);
    }

    @Override
    public void scaleColumnsBackward(@Nullable Tensor dx, @Nullable Tensor dw, Tensor dy, Tensor x, Tensor w) {
        Arguments.scaleColumns(dy, x, w);
        columns.scaleBackward(dx, dw, dy, x, w);
    }

    @Override
    public void columns(Tensor y, Tensor x, int from) {
        Arguments.columns(y, x, from);
        columns.cut(y, x, from);
    }

    @Override
    public void columnsBackward(Tensor dx, Tensor dy, int from) {
        Arguments.columns(dy, dx, from);
        columns.cutBackward(dx, dy, from);
    }

    @Override
    public void crossEntropy(
            Tensor losses, @Nullable Tensor dLogits, Tensor logits, int[] targets, float gradientScale) {
        Arguments.crossEntropy(losses, dLogits, logits, targets);
        call.start().pointer(losses).pointer(dLogits).pointer(logits).ints(targets);
        call.integer(logits.rows()).integer(logits.cols()).real(gradientScale);
        call.run(crossEntropy, Call.tasks(logits.rows(), CROSS_ENTROPY_ROWS));
    }

    @Override
    public double sumOfSquares(Tensor x) {
        Arguments.f32(x);
        long tasks = Call.tasks(x.elements(), ELEMENTS);
        call.start();
        Tensor doubles = call.array(2 * tasks);
        call.pointer(doubles).pointer(x).integer(x.elements());
        call.run(sumOfSquares, tasks);
        double sum = 0;
        for (long i = 0; i < tasks; i++) {
            sum += doubles.segment().getAtIndex(ValueLayout.JAVA_DOUBLE, i);
        }
        return sum;
    }

    @Override
    public void adamW(Tensor w, Tensor dw, Tensor firstMoment, Tensor secondMoment, AdamWStep step) {
        Arguments.sameElements(w, dw, firstMoment, secondMoment);
        call.start()
                .pointer(w)
                .pointer(firstMoment)
                .pointer(secondMoment)
                .pointer(dw)
                .integer(w.elements());
        call.real(1 - step.learningRate() * step.weightDecay())
                .real(step.beta1())
                .real(step.beta2());
        call.real(step.learningRate() / (1 - Math.pow(step.beta1(), step.step())));
        call.real(1 / Math.sqrt(1 - Math.pow(step.beta2(), step.step())));
        call.real(step.epsilon()).real(step.gradientScale());
        call.run(adamW, Call.tasks(w.elements(), ELEMENTS));
    }

    @Override
    public void close() {
        workers.close();
        call.close();
        attention.close();
        scalar.close();
        workspace.close();
        tensors.close();
        libraryArena.close();
    }
}
