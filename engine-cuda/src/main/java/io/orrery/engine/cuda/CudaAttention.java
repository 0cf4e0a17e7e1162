package io.orrery.engine.cuda;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.ops.AttentionShape;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * attention_plain.cu, and {@link TiledAttention} where activations need not be exact. Confined to the thread that owns the
 * device.
 */
final class CudaAttention implements AutoCloseable {
    private static final int THREADS = 128;

    private final Call call;
    private final CudaBatch arrays;
    private final @Nullable TiledAttention tiled;

    CudaAttention(Gpu gpu, Call call, CudaTensors tensors, ActivationMode activations) {
        this.call = call;
        arrays = new CudaBatch(gpu, call);
        tiled = activations == ActivationMode.NATIVE ? new TiledAttention(call, arrays, tensors, gpu) : null;
    }

    void forward(Tensor y, Tensor q, Tensor k, Tensor v, Batch batch, AttentionShape shape) {
        if (tiled != null && TiledAttention.has(shape)) {
            tiled.forward(y, q, k, v, batch, shape);
            return;
        }
        call.start("attention_plain").pointer(y).pointer(q).pointer(k).pointer(v);
        arrays.describe(batch, shape);
        call.run(queries(batch.tokens(), shape));
    }

    void probabilities(Tensor p, Tensor q, Tensor k, Batch batch, int sequence, AttentionShape shape) {
        int first = batch.starts()[sequence];
        int tokens = batch.starts()[sequence + 1] - first;
        call.start("attention_probabilities").pointer(p).pointer(q).pointer(k);
        call.integer(first).integer(tokens);
        arrays.describe(batch, shape);
        call.run(queries(tokens, shape));
    }

    void backward(
            @Nullable Tensor dq,
            @Nullable Tensor dk,
            @Nullable Tensor dv,
            Tensor dy,
            Tensor q,
            Tensor k,
            Tensor v,
            Batch batch,
            AttentionShape shape) {
        call.start("attention_backward_q");
        Tensor statistics = call.array(batch.tokens(), 3L * shape.heads());
        call.pointer(dq).pointer(statistics).pointer(dy).pointer(q).pointer(k).pointer(v);
        arrays.describe(batch, shape);
        call.run(queries(batch.tokens(), shape));
        if (dk == null && dv == null) {
            return;
        }
        CudaBatch.Uses uses = arrays.uses(batch);
        call.next("attention_backward_kv").pointer(dk).pointer(dv).pointer(statistics);
        call.pointer(dy).pointer(q).pointer(k).pointer(v);
        call.pointer(uses.rows()).pointer(uses.starts()).pointer(uses.uses());
        arrays.describe(batch, shape);
        call.run(Geometry.blocks(uses.count(), shape.kvHeads(), THREADS).shared(rows(shape)));
    }

    /** A block a token and a query head. */
    private static Geometry queries(int tokens, AttentionShape shape) {
        return Geometry.blocks(tokens, shape.heads(), THREADS).shared(rows(shape));
    }

    /** Two rows of a head. */
    private static int rows(AttentionShape shape) {
        return 2 * shape.headDim() * Float.BYTES;
    }

    @Override
    public void close() {
        arrays.close();
    }
}
