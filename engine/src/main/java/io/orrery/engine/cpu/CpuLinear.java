package io.orrery.engine.cpu;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Projections: linear.h for each dtype of weights. Sizes here are those of the kernels. */
final class CpuLinear {
    /** Rows of x a task takes: LINEAR_ROWS. */
    private static final int ROWS = 256;

    /** Columns of a panel: PANEL. */
    private static final int PANEL = 32;

    private static final int BACKWARD_ROWS = 96;
    private static final int TASKS_PER_THREAD = 4;

    /** A panel of at most 16 · 528 floats forward; of 256 · 32 beside 96 · 272 backward. */
    private static final long SCRATCH_BYTES = 4L * (256 * PANEL + BACKWARD_ROWS * 272);

    private static final int COLUMNS = 64;

    /** What is multiplied as it is stored: a kernel each. */
    private static final List<DType> DIRECT = List.of(DType.F32, DType.F16, DType.BF16, DType.Q8_0);

    /** What is decoded before it is multiplied: linear_blocks.c, and a decoder each. */
    private static final List<DType> DECODED = List.of(
            DType.Q4_0,
            DType.Q4_1,
            DType.Q5_0,
            DType.Q5_1,
            DType.Q2_K,
            DType.Q3_K,
            DType.Q4_K,
            DType.Q5_K,
            DType.Q6_K,
            DType.IQ4_NL,
            DType.IQ4_XS,
            DType.MXFP4,
            DType.NF4,
            DType.NF4_F16,
            DType.NF4_BF16,
            DType.FP4,
            DType.FP4_F16,
            DType.FP4_BF16,
            DType.INT4);

    private final Call call;
    private final int threads;
    private final int rowsOfWeights;
    private final Map<DType, Kernel> forward = new EnumMap<>(DType.class);
    private final Map<DType, Kernel> backwardInputs = new EnumMap<>(DType.class);
    private final Map<DType, Long> decoders = new EnumMap<>(DType.class);
    private final Kernel backwardWeights;
    private final Kernel columnSums;

    CpuLinear(KernelLibrary library, Call call, CpuOptions options) {
        this.call = call;
        this.threads = options.threads();
        this.rowsOfWeights = library.level().equals("avx512") ? 16 : 8;
        for (DType dtype : DIRECT) {
            put(dtype, library, dtype.name().toLowerCase(Locale.ROOT));
        }
        for (DType dtype : DECODED) {
            put(dtype, library, "blocks");
            decoders.put(dtype, library.address("decode_" + dtype.name().toLowerCase(Locale.ROOT)));
        }
        backwardWeights = library.kernel("f32_linear_backward_w");
        columnSums = library.kernel("column_sums");
    }

    private void put(DType dtype, KernelLibrary library, String prefix) {
        forward.put(dtype, library.kernel(prefix + "_linear"));
        backwardInputs.put(dtype, library.kernel(prefix + "_linear_backward_x"));
    }

    void forward(Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        call.start().pointer(y).pointer(x).pointer(w).pointer(b);
        call.integer(x.rows()).integer(w.cols()).integer(w.rows()).integer(w.rowBytes());
        call.integer(decoders.getOrDefault(w.dtype(), 0L));
        call.run(kernel(forward, w), Call.tasks(x.rows(), ROWS) * Call.tasks(w.rows(), rowsOfWeights), SCRATCH_BYTES);
    }

    void backward(@Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w) {
        if (dx != null) {
            int columns = columns(x.rows(), w.cols());
            call.start().pointer(dx).pointer(dy).pointer(w).integer(x.rows()).integer(w.cols());
            call.integer(w.rows()).integer(w.rowBytes()).integer(BACKWARD_ROWS).integer(columns);
            call.integer(decoders.getOrDefault(w.dtype(), 0L));
            call.run(
                    kernel(backwardInputs, w),
                    Call.tasks(x.rows(), BACKWARD_ROWS) * Call.tasks(w.cols(), columns),
                    SCRATCH_BYTES);
        }
        if (dw != null) {
            int columns = columns(w.rows(), w.cols());
            call.start().pointer(dw).pointer(dy).pointer(x).integer(x.rows()).integer(w.cols());
            call.integer(w.rows()).integer(BACKWARD_ROWS).integer(columns);
            call.run(
                    backwardWeights,
                    Call.tasks(w.rows(), BACKWARD_ROWS) * Call.tasks(w.cols(), columns),
                    SCRATCH_BYTES);
        }
        if (db != null) {
            sumColumns(db, dy, dy.rows(), w.rows());
        }
    }

    /** sums += the columns' sums over the first rows of x. */
    void sumColumns(Tensor sums, Tensor x, long rows, int columns) {
        call.again().pointer(sums).pointer(x).integer(rows).integer(columns);
        call.run(columnSums, Call.tasks(columns, COLUMNS));
    }

    /** As wide as leaves every thread some tasks; a wider task packs its rows for more columns. */
    private int columns(int rows, int columns) {
        long rowBlocks = Math.max(1, Call.tasks(rows, BACKWARD_ROWS));
        long wanted = Math.max(1, ((long) threads * TASKS_PER_THREAD + rowBlocks - 1) / rowBlocks);
        int panels = (int) Call.tasks(columns, PANEL);
        return PANEL * (int) Math.max(1, panels / wanted);
    }

    private static Kernel kernel(Map<DType, Kernel> kernels, Tensor w) {
        Kernel kernel = kernels.get(w.dtype());
        if (kernel == null) {
            throw new IllegalArgumentException("no kernel multiplies by " + w + "; " + kernels.keySet() + " have one");
        }
        return kernel;
    }
}
