package io.orrery.engine.cpu;

import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** rms_norm.c and layer_norm.c: a backward leaves one row of weight gradients a task, which are then added in order. */
final class CpuNorm {
    /** NORM_GROUPS. */
    private static final int GROUPS = 32;

    private final Call call;
    private final CpuLinear linear;
    private final Kernel rms;
    private final Kernel rmsBackward;
    private final Kernel layer;
    private final Kernel layerBackward;

    CpuNorm(KernelLibrary library, Call call, CpuLinear linear) {
        this.call = call;
        this.linear = linear;
        rms = library.kernel("rms_norm");
        rmsBackward = library.kernel("rms_norm_backward");
        layer = library.kernel("layer_norm");
        layerBackward = library.kernel("layer_norm_backward");
    }

    void rms(Tensor y, Tensor x, Tensor w, float eps, float offset) {
        long groups = x.elements() / w.elements();
        call.start().pointer(y).pointer(x).pointer(w);
        call.integer(groups).integer(w.elements()).real(eps).real(offset);
        call.run(rms, Call.tasks(groups, GROUPS));
    }

    void rmsBackward(@Nullable Tensor dx, @Nullable Tensor dw, Tensor dy, Tensor x, Tensor w, float eps, float offset) {
        long groups = x.elements() / w.elements();
        long tasks = Call.tasks(groups, GROUPS);
        call.start();
        Tensor partial = dw == null ? null : call.array(tasks, w.elements());
        call.pointer(dx).pointer(partial).pointer(dy).pointer(x).pointer(w);
        call.integer(groups).integer(w.elements()).real(eps).real(offset);
        call.run(rmsBackward, tasks);
        sum(dw, partial, tasks);
    }

    void layer(Tensor y, Tensor x, Tensor w, Tensor b, float eps) {
        long groups = x.elements() / w.elements();
        call.start().pointer(y).pointer(x).pointer(w).pointer(b);
        call.integer(groups).integer(w.elements()).real(eps);
        call.run(layer, Call.tasks(groups, GROUPS));
    }

    void layerBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w, float eps) {
        long groups = x.elements() / w.elements();
        long tasks = Call.tasks(groups, GROUPS);
        call.start();
        Tensor weights = dw == null ? null : call.array(tasks, w.elements());
        Tensor biases = db == null ? null : call.array(tasks, w.elements());
        call.pointer(dx).pointer(weights).pointer(biases).pointer(dy).pointer(x).pointer(w);
        call.integer(groups).integer(w.elements()).real(eps);
        call.run(layerBackward, tasks);
        sum(dw, weights, tasks);
        sum(db, biases, tasks);
    }

    private void sum(@Nullable Tensor gradient, @Nullable Tensor partial, long tasks) {
        if (gradient != null && partial != null) {
            linear.sumColumns(gradient, partial, tasks, (int) gradient.elements());
        }
    }
}
