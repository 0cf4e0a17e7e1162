package io.orrery.engine.cuda;

import io.orrery.engine.ops.AttentionShape;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.tensor.Tensor;
import java.util.Set;

/**
 * Attention by tensor cores (attention.cu): BF16 products, a row's result the same bits in every batch and on however many blocks.
 * Confined to the thread that owns the device.
 */
final class TiledAttention {
    private static final Set<Integer> HEAD_DIMS = Set.of(64, 96, 128);
    private static final int THREADS = 128;

    /** Keys that are computed by themselves. */
    static final int UNIT = 64;

    /** Rows of one block: tokens by query heads of a group. */
    static final int ROWS = 64;

    private static final long MOST_PARTIAL_BYTES = 512L << 20;
    private static final int BLOCKS_PER_MULTIPROCESSOR = 2;

    private final Call call;
    private final CudaBatch arrays;
    private final int multiprocessors;
    private final Tensor arrivals;

    TiledAttention(Call call, CudaBatch arrays, CudaTensors tensors, Gpu gpu) {
        this.call = call;
        this.arrays = arrays;
        multiprocessors = gpu.properties().multiprocessors();
        arrivals = tensors.persistent((long) BLOCKS_PER_MULTIPROCESSOR * multiprocessors);
    }

    static boolean has(AttentionShape shape) {
        return HEAD_DIMS.contains(shape.headDim());
    }

    void forward(Tensor y, Tensor q, Tensor k, Tensor v, Batch batch, AttentionShape shape) {
        CudaBatch.Work work = arrays.work(batch, shape.heads() / shape.kvHeads());
        int blocks = Math.max(1, work.entries() * shape.kvHeads());
        int parts = Math.clamp(BLOCKS_PER_MULTIPROCESSOR * multiprocessors / blocks, 1, Math.max(1, work.units()));
        int unitsEach = Math.max(1, Math.ceilDiv(work.units(), parts));
        int split = Math.ceilDiv(Math.max(1, work.units()), unitsEach);
        long partial = (long) blocks * split * unitsEach * work.mostRows() * (shape.headDim() + 4);
        if (Float.BYTES * partial > MOST_PARTIAL_BYTES) {
            split = 1;
        }
        call.start("attention_" + shape.headDim());
        Tensor notes = call.array(split == 1 ? 1 : partial);
        call.pointer(y).pointer(q).pointer(k).pointer(v).pointer(work.address());
        arrays.describe(batch);
        call.integer(shape.heads())
                .integer(shape.kvHeads())
                .integer(batch.blockSize())
                .real(shape.scale());
        call.integer(shape.causal() ? 1 : 0)
                .integer(shape.window())
                .integer(unitsEach)
                .integer(work.mostRows());
        call.pointer(notes).pointer(arrivals);
        call.run(new Geometry(work.entries(), shape.kvHeads(), split, THREADS, 1, sharedBytes(shape.headDim())));
    }

    /** As attention.cu has it: two units of keys and values, as they come and rounded. */
    private static int sharedBytes(int headDim) {
        return UNIT * (2 * Float.BYTES * headDim + 2 * Short.BYTES * (headDim + 8)) + 768;
    }
}
