package io.orrery.engine.cpu;

import io.orrery.engine.ops.AttentionShape;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.HostWorkspace;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** attention.c, or attention_bf16.c where activations may be rounded: a batch's tables are copied to where the kernels read them once for all layers that see the batch. */
final class CpuAttention implements AutoCloseable {
    /** TILE_ROWS. */
    private static final int TILE_ROWS = 24;

    private final Call call;
    private final Kernel forward;
    private final Kernel backward;
    private final Kernel backwardShared;
    private final HostWorkspace memory = new HostWorkspace();
    private @Nullable Tables tables;

    CpuAttention(KernelLibrary library, Call call, ActivationMode activations) {
        this.call = call;
        boolean isRounded =
                activations == ActivationMode.NATIVE && library.has("attention_bf16") && library.cpuHasBf16();
        forward = library.kernel(isRounded ? "attention_bf16" : "attention");
        backward = library.kernel("attention_backward");
        backwardShared = library.kernel("attention_backward_shared");
    }

    /** Addresses of a batch's arrays, for as many query heads to a kv head. */
    private record Tables(
            Batch batch,
            int group,
            long starts,
            long contexts,
            long slotStarts,
            long slots,
            long tiles,
            int tileCount,
            int longestContext,
            boolean blocksShared) {}

    void forward(Tensor y, Tensor q, Tensor k, Tensor v, Batch batch, AttentionShape shape) {
        Tables at = tables(batch, shape);
        call.start().pointer(y).pointer(q).pointer(k).pointer(v);
        describe(at, shape);
        call.run(forward, (long) at.tileCount() * shape.kvHeads(), scratchBytes(at, shape));
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
        Tables at = tables(batch, shape);
        call.start().pointer(dq).pointer(dk).pointer(dv);
        call.pointer(dy).pointer(q).pointer(k).pointer(v);
        describe(at, shape);
        if (at.blocksShared()) {
            call.run(backwardShared, shape.kvHeads(), scratchBytes(at, shape));
        } else {
            call.run(backward, (long) batch.sequences() * shape.kvHeads(), scratchBytes(at, shape));
        }
    }

    private void describe(Tables at, AttentionShape shape) {
        call.integer(at.starts()).integer(at.contexts()).integer(at.slotStarts());
        call.integer(at.slots()).integer(at.tiles()).integer(at.batch().sequences());
        call.integer(at.tileCount()).integer(shape.heads()).integer(shape.kvHeads());
        call.integer(shape.headDim());
        call.integer(shape.causal() ? 1 : 0).integer(shape.window()).real(shape.scale());
    }

    /** Key offsets; a tile's rows and output gradients; its scores and their gradients; what rows are padded by. */
    private static long scratchBytes(Tables at, AttentionShape shape) {
        return 8L * (at.longestContext() + 1)
                + 4L * 2 * TILE_ROWS * (shape.headDim() + 32)
                + 4L * 2 * TILE_ROWS * (at.longestContext() + 64);
    }

    private Tables tables(Batch batch, AttentionShape shape) {
        int group = shape.heads() / shape.kvHeads();
        Tables present = tables;
        if (present == null || present.batch() != batch || present.group() != group) {
            memory.reset();
            present = copy(batch, group);
            tables = present;
        }
        return present;
    }

    private Tables copy(Batch batch, int group) {
        int[] slotStarts = new int[batch.sequences() + 1];
        for (int s = 0; s < batch.sequences(); s++) {
            slotStarts[s + 1] = Math.addExact(slotStarts[s], batch.contextLengths()[s]);
        }
        int[] tiles = tiles(batch, group);
        return new Tables(
                batch,
                group,
                copy(batch.starts()),
                copy(batch.contextLengths()),
                copy(slotStarts),
                copy(slots(batch, slotStarts)),
                copy(tiles),
                tiles.length / 2,
                Arrays.stream(batch.contextLengths()).max().orElse(0),
                blocksShared(batch));
    }

    /** The rows of all sequences' keys, so that no tile has to divide by the block size. */
    private static int[] slots(Batch batch, int[] slotStarts) {
        int[] slots = new int[slotStarts[batch.sequences()]];
        for (int s = 0; s < batch.sequences(); s++) {
            int context = batch.contextLengths()[s];
            for (int from = 0; from < context; from += batch.blockSize()) {
                int first = batch.slot(s, from);
                for (int u = from; u < Math.min(context, from + batch.blockSize()); u++) {
                    slots[slotStarts[s] + u] = first + u - from;
                }
            }
        }
        return slots;
    }

    /** Pairs of a sequence and its row that a tile begins with. */
    private static int[] tiles(Batch batch, int group) {
        return IntStream.range(0, batch.sequences())
                .flatMap(s -> {
                    int rows = (batch.starts()[s + 1] - batch.starts()[s]) * group;
                    return IntStream.iterate(0, row -> row < rows, row -> row + TILE_ROWS)
                            .flatMap(row -> IntStream.of(s, row));
                })
                .toArray();
    }

    private static boolean blocksShared(Batch batch) {
        BitSet seen = new BitSet();
        for (int s = 0; s < batch.sequences(); s++) {
            int used = (batch.contextLengths()[s] + batch.blockSize() - 1) / batch.blockSize();
            for (int i = 0; i < used; i++) {
                int block = batch.blockTables()[s][i];
                if (seen.get(block)) {
                    return true;
                }
                seen.set(block);
            }
        }
        return false;
    }

    private long copy(int[] values) {
        MemorySegment copy = memory.empty(values.length).segment();
        MemorySegment.copy(values, 0, copy, ValueLayout.JAVA_INT, 0, values.length);
        return copy.address();
    }

    @Override
    public void close() {
        memory.close();
    }
}
