package io.orrery.engine.cuda;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Projections: linear.cu for weights of every dtype in the file's layout; where activations need not be exact, {@link TiledLinear}
 * for those that it packs. Confined to the thread that owns the device.
 */
final class CudaLinear implements AutoCloseable {
    /** TILE of linear.cu. */
    private static final int TILE = 16;

    private static final int COLUMNS = 128;

    private final Call call;
    private final CudaTensors tensors;
    private final ActivationMode activations;
    private final TiledLinear tiled;

    CudaLinear(Call call, CudaTensors tensors, ActivationMode activations, Gpu gpu) {
        this.call = call;
        this.tensors = tensors;
        this.activations = activations;
        this.tiled = new TiledLinear(call, tensors, gpu);
    }

    Tensor pack(Tensor host) {
        Optional<TileFormat> format =
                activations == ActivationMode.NATIVE ? TileFormat.of(host.dtype()) : Optional.empty();
        return format.isPresent() ? tiled.pack(host, format.get()) : tensors.pack(host);
    }

    float[] read(Tensor from) {
        return TiledLinear.isTiled(from) ? tiled.read(from) : tensors.read(from);
    }

    void gather(Tensor y, Tensor x, int[] rows) {
        if (TiledLinear.isTiled(x)) {
            tiled.gather(y, x, rows);
            return;
        }
        call.start("gather_" + name(x.dtype())).pointer(y).pointer(x).ints(rows);
        call.integer(rows.length).integer(x.cols()).run(CudaOps.rows(rows.length, x.cols()));
    }

    void forward(Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        if (TiledLinear.isTiled(w)) {
            tiled.forward(y, x, w, b);
            return;
        }
        call.start("linear_" + name(w.dtype())).pointer(y).pointer(x).pointer(w).pointer(b);
        sizes(x.rows(), w).run(tiles(x.rows(), w.rows()));
    }

    void backward(@Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w) {
        if (dx != null) {
            Tensor rows = TiledLinear.isTiled(w) ? tiled.unpacked(w, 0, w.rows()) : w;
            call.next("linear_backward_x_" + name(rows.dtype()))
                    .pointer(dx)
                    .pointer(dy)
                    .pointer(rows);
            sizes(dy.rows(), w).run(tiles(dy.rows(), w.cols()));
        }
        if (dw != null) {
            call.start("linear_backward_w").pointer(dw).pointer(dy).pointer(x);
            sizes(dy.rows(), w).run(tiles(w.rows(), w.cols()));
        }
        if (db != null) {
            call.start("linear_backward_b")
                    .pointer(db)
                    .pointer(dy)
                    .integer(dy.rows())
                    .integer(w.rows());
            call.run(Geometry.elements(w.rows(), COLUMNS));
        }
    }

    private Call sizes(int tokens, Tensor w) {
        return call.integer(tokens).integer(w.cols()).integer(w.rows());
    }

    /** Blocks of so many rows and columns of a result. */
    private static Geometry tiles(long rows, long cols) {
        return new Geometry(Math.ceilDiv(cols, TILE), Math.ceilDiv(rows, TILE), 1, TILE, TILE, 0);
    }

    /** As FOR_EACH_BLOCK of blocks.cuh has it. */
    static String name(DType dtype) {
        return dtype.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        tiled.close();
    }
}
