package io.orrery.engine.cpu;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Projections in {@link ActivationMode#NATIVE}: linear_q8_0_vnni.c and linear_bf16_dot.c, where the CPU has what they need. */
final class CpuNativeLinear {
    private static final int ROWS = 256;
    private static final int ROWS_OF_WEIGHTS = 16;
    private static final int BLOCK = 32;
    private static final int ELEMENTS = 4096;

    private final Call call;
    private final @Nullable Kernel quantize;
    private final @Nullable Kernel vnni;
    private final @Nullable Kernel round;
    private final @Nullable Kernel dot;

    CpuNativeLinear(KernelLibrary library, Call call) {
        this.call = call;
        boolean hasVnni = library.has("q8_0_linear_vnni");
        quantize = hasVnni ? library.kernel("quantize_rows") : null;
        vnni = hasVnni ? library.kernel("q8_0_linear_vnni") : null;
        boolean hasDot = library.has("bf16_linear_dot") && library.cpuHasBf16();
        round = hasDot ? library.kernel("round_to_bf16") : null;
        dot = hasDot ? library.kernel("bf16_linear_dot") : null;
    }

    /** Whether it was computed; where it was not, the exact way remains. */
    boolean forward(Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        if (w.dtype() == DType.Q8_0 && quantize != null && vnni != null) {
            quantised(quantize, vnni, y, x, w, b);
            return true;
        }
        if (w.dtype() == DType.BF16 && round != null && dot != null) {
            rounded(round, dot, y, x, w, b);
            return true;
        }
        return false;
    }

    private void quantised(Kernel quantize, Kernel vnni, Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        call.start();
        Tensor values = call.array((x.elements() + 3) / 4);
        Tensor scales = call.array(x.elements() / BLOCK);
        Tensor corrections = call.array(x.elements() / BLOCK);
        call.pointer(values).pointer(scales).pointer(corrections).pointer(x);
        call.integer(x.rows()).integer(x.cols()).run(quantize, x.rows());
        call.again().pointer(y).pointer(values).pointer(scales).pointer(corrections);
        call.pointer(w).pointer(b);
        run(vnni, x, w);
    }

    private void rounded(Kernel round, Kernel dot, Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        call.start();
        Tensor values = call.array((x.elements() + 1) / 2);
        call.pointer(values).pointer(x).integer(x.elements()).run(round, Call.tasks(x.elements(), ELEMENTS));
        call.again().pointer(y).pointer(values).pointer(w).pointer(b);
        run(dot, x, w);
    }

    private void run(Kernel kernel, Tensor x, Tensor w) {
        call.integer(x.rows()).integer(w.cols()).integer(w.rows()).integer(w.rowBytes());
        call.run(kernel, Call.tasks(x.rows(), ROWS) * Call.tasks(w.rows(), ROWS_OF_WEIGHTS));
    }
}
