package io.orrery.engine.cpu;

import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Rows that are picked, put where they belong, and added. */
final class CpuRows {
    private static final int COLUMNS = 64;

    private final Call call;
    private final Kernel scatterAdd;

    CpuRows(KernelLibrary library, Call call) {
        this.call = call;
        scatterAdd = library.kernel("scatter_add");
    }

    /** Of a tensor whose rows lie one after the other, of any dtype. */
    void gather(Tensor y, Tensor x, int[] rows) {
        if (x.dtype() == DType.F32) {
            copy(y, x, rows, true);
            return;
        }
        BlockFormat format = BlockFormat.of(x.dtype());
        float[] row = new float[x.cols()];
        for (int i = 0; i < rows.length; i++) {
            format.dequantize(x.segment(), rows[i] * x.rowBytes(), row, 0, row.length);
            MemorySegment.copy(row, 0, y.segment(), ValueLayout.JAVA_FLOAT, i * y.rowBytes(), row.length);
        }
    }

    void scatterAdd(Tensor y, Tensor x, int[] rows) {
        call.start().pointer(y).pointer(x).ints(rows).integer(rows.length).integer(x.cols());
        call.run(scatterAdd, Call.tasks(x.cols(), COLUMNS));
    }

    void store(Tensor y, Tensor x, int[] rows) {
        copy(y, x, rows, false);
    }

    private static void copy(Tensor y, Tensor x, int[] rows, boolean gather) {
        MemorySegment from = x.segment();
        MemorySegment to = y.segment();
        long bytes = x.rowBytes();
        for (int i = 0; i < rows.length; i++) {
            long packed = i * bytes;
            long chosen = rows[i] * bytes;
            MemorySegment.copy(from, gather ? chosen : packed, to, gather ? packed : chosen, bytes);
        }
    }
}
