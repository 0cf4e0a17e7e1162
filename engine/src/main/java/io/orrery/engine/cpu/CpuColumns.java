package io.orrery.engine.cpu;

import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** columns.c. */
final class CpuColumns {
    /** COLUMN_ROWS. */
    private static final int ROWS = 16;

    private static final int COLUMNS = 64;

    private final Call call;
    private final Kernel scale;
    private final Kernel scaleBackwardWeights;
    private final Kernel cut;
    private final Kernel cutBackward;

    CpuColumns(KernelLibrary library, Call call) {
        this.call = call;
        scale = library.kernel("scale_columns");
        scaleBackwardWeights = library.kernel("scale_columns_backward_w");
        cut = library.kernel("columns");
        cutBackward = library.kernel("columns_backward");
    }

    void scale(Tensor y, Tensor x, Tensor w) {
        scale(y, x, w, false);
    }

    void scaleBackward(@Nullable Tensor dx, @Nullable Tensor dw, Tensor dy, Tensor x, Tensor w) {
        if (dx != null) {
            scale(dx, dy, w, true);
        }
        if (dw != null) {
            call.start().pointer(dw).pointer(dy).pointer(x).integer(x.rows()).integer(x.cols());
            call.run(scaleBackwardWeights, Call.tasks(x.cols(), COLUMNS));
        }
    }

    private void scale(Tensor y, Tensor x, Tensor w, boolean adds) {
        call.start().pointer(y).pointer(x).pointer(w).integer(x.rows()).integer(x.cols());
        call.integer(adds ? 1 : 0);
        call.run(scale, Call.tasks(x.rows(), ROWS));
    }

    void cut(Tensor y, Tensor x, int from) {
        run(cut, x, y, from);
    }

    void cutBackward(Tensor dx, Tensor dy, int from) {
        run(cutBackward, dx, dy, from);
    }

    private void run(Kernel kernel, Tensor wide, Tensor narrow, int from) {
        call.start().pointer(wide).pointer(narrow).integer(narrow.rows()).integer(wide.cols());
        call.integer(narrow.cols()).integer(from);
        call.run(kernel, Call.tasks(narrow.rows(), ROWS));
    }
}
