package io.orrery.engine.cuda;

import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** norm.cu. Confined to the thread that owns the device. */
final class CudaNorm {
    private static final int COLUMNS = 128;

    private final Call call;

    CudaNorm(Call call) {
        this.call = call;
    }

    void rms(Tensor y, Tensor x, Tensor w, float eps, float offset) {
        call.start("rms_norm").pointer(y).pointer(x).pointer(w);
        call.integer(w.elements()).real(eps).real(offset).run(groups(x, w));
    }

    void rmsBackward(@Nullable Tensor dx, @Nullable Tensor dw, Tensor dy, Tensor x, Tensor w, float eps, float offset) {
        call.start("rms_norm_backward_x");
        Tensor statistics = call.array(count(x, w));
        call.pointer(dx).pointer(statistics).pointer(dy).pointer(x).pointer(w);
        call.integer(w.elements()).real(eps).real(offset).run(groups(x, w));
        if (dw != null) {
            call.next("rms_norm_backward_w")
                    .pointer(dw)
                    .pointer(statistics)
                    .pointer(dy)
                    .pointer(x);
            call.integer(count(x, w)).integer(w.elements()).run(Geometry.elements(w.elements(), COLUMNS));
        }
    }

    void layer(Tensor y, Tensor x, Tensor w, Tensor b, float eps) {
        call.start("layer_norm").pointer(y).pointer(x).pointer(w).pointer(b);
        call.integer(w.elements()).real(eps).run(groups(x, w));
    }

    void layerBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w, float eps) {
        call.start("layer_norm_backward_x");
        Tensor statistics = call.array(2 * count(x, w));
        call.pointer(dx).pointer(statistics).pointer(dy).pointer(x).pointer(w);
        call.integer(w.elements()).real(eps).run(groups(x, w));
        if (dw != null || db != null) {
            call.next("layer_norm_backward_w").pointer(dw).pointer(db).pointer(statistics);
            call.pointer(dy).pointer(x).integer(count(x, w)).integer(w.elements());
            call.run(Geometry.elements(w.elements(), COLUMNS));
        }
    }

    private static long count(Tensor x, Tensor w) {
        return x.elements() / w.elements();
    }

    /** A block a group, of a warp for every 128 numbers as far as a block goes. */
    private static Geometry groups(Tensor x, Tensor w) {
        int warps = (int) Math.clamp(Math.ceilDiv(w.elements(), 128), 1, 32);
        return Geometry.blocks(count(x, w), 32 * warps);
    }
}
