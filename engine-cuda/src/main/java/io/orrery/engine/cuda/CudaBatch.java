package io.orrery.engine.cuda;

import io.orrery.engine.ops.AttentionShape;
import io.orrery.engine.ops.Batch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of one batch on the device, copied once for all layers that see it: attention.cuh says how kernels read them.
 * Confined to the thread that owns the device.
 */
final class CudaBatch implements AutoCloseable {
    private static final long FIRST_CHUNK = 1 << 16;

    private final Gpu gpu;
    private final Call call;
    private final CudaWorkspace memory;
    private @Nullable Tables tables;
    private @Nullable Uses uses;
    private final Map<Integer, Work> work = new HashMap<>();

    CudaBatch(Gpu gpu, Call call) {
        this.gpu = gpu;
        this.call = call;
        memory = new CudaWorkspace(gpu, FIRST_CHUNK);
    }

    /** Addresses of a batch's arrays. */
    private record Tables(Batch batch, long sequences, long starts, long contexts, long tableStarts, long tables) {}

    /**
     * The rows of keys that a batch reads, and by which sequences.
     *
     * @param count rows
     * @param rows address of their numbers
     * @param starts address of where each one's uses begin, and the end of all
     * @param uses address of pairs of a sequence and the key's place in it
     */
    record Uses(int count, long rows, long starts, long uses) {}

    /**
     * What attention.cu computes block by block, for one number of query heads a key head.
     *
     * @param entries blocks
     * @param address of pairs of a sequence and its block's first row; long ones come first
     * @param units most units of keys that a sequence has
     * @param mostRows most rows that an entry has
     */
    record Work(int entries, long address, int units, int mostRows) {}

    Work work(Batch batch, int group) {
        tables(batch);
        return work.computeIfAbsent(group, _ -> workOf(batch, group));
    }

    private Work workOf(Batch batch, int group) {
        IntStream.Builder pairs = IntStream.builder();
        int units = 0;
        int mostRows = 0;
        for (int s = 0; s < batch.sequences(); s++) {
            int rows = (batch.starts()[s + 1] - batch.starts()[s]) * group;
            for (int row = (rows - 1) / TiledAttention.ROWS * TiledAttention.ROWS;
                    row >= 0 && rows > 0;
                    row -= TiledAttention.ROWS) {
                pairs.add(s).add(row);
                mostRows = Math.max(mostRows, Math.min(TiledAttention.ROWS, rows - row));
            }
            units = Math.max(units, Math.ceilDiv(batch.contextLengths()[s], TiledAttention.UNIT));
        }
        int[] values = pairs.build().toArray();
        return new Work(values.length / 2, copy(values), units, mostRows);
    }

    /** Sequences of a batch: the parameters starts, contexts, tables and tableStarts of attention.cu. */
    Call describe(Batch batch) {
        Tables at = tables(batch);
        return call.pointer(at.starts())
                .pointer(at.contexts())
                .pointer(at.tables())
                .pointer(at.tableStarts());
    }

    /** The parameters BATCH of attention_plain.cu. */
    Call describe(Batch batch, AttentionShape shape) {
        Tables at = tables(batch);
        call.pointer(at.sequences()).pointer(at.starts()).pointer(at.contexts());
        call.pointer(at.tableStarts()).pointer(at.tables()).integer(batch.blockSize());
        call.integer(shape.heads()).integer(shape.kvHeads()).integer(shape.headDim());
        return call.integer(shape.causal() ? 1 : 0).integer(shape.window()).real(shape.scale());
    }

    private Tables tables(Batch batch) {
        Tables present = tables;
        if (present == null || present.batch() != batch) {
            gpu.flush();
            memory.reset();
            uses = null;
            work.clear();
            present = copy(batch);
            tables = present;
        }
        return present;
    }

    private Tables copy(Batch batch) {
        int[] sequences = new int[batch.tokens()];
        int[] tableStarts = new int[batch.sequences() + 1];
        for (int s = 0; s < batch.sequences(); s++) {
            Arrays.fill(sequences, batch.starts()[s], batch.starts()[s + 1], s);
            tableStarts[s + 1] = tableStarts[s] + batch.blockTables()[s].length;
        }
        int[] blocks =
                Arrays.stream(batch.blockTables()).flatMapToInt(Arrays::stream).toArray();
        return new Tables(
                batch,
                copy(sequences),
                copy(batch.starts()),
                copy(batch.contextLengths()),
                copy(tableStarts),
                copy(blocks));
    }

    /** Who reads which row, for gradients of keys and values. */
    Uses uses(Batch batch) {
        tables(batch);
        Uses present = uses;
        if (present == null) {
            present = usesOf(batch);
            uses = present;
        }
        return present;
    }

    /** A key of a sequence, and the row that it lies in. */
    private record Use(int row, int sequence, int index) {}

    private Uses usesOf(Batch batch) {
        Use[] all = IntStream.range(0, batch.sequences())
                .boxed()
                .flatMap(s ->
                        IntStream.range(0, batch.contextLengths()[s]).mapToObj(u -> new Use(batch.slot(s, u), s, u)))
                .sorted(Comparator.comparingInt(Use::row))
                .toArray(Use[]::new);
        int[] firsts = IntStream.range(0, all.length)
                .filter(i -> i == 0 || all[i].row() != all[i - 1].row())
                .toArray();
        int[] starts = Arrays.copyOf(firsts, firsts.length + 1);
        starts[firsts.length] = all.length;
        return new Uses(
                firsts.length,
                copy(Arrays.stream(firsts).map(i -> all[i].row()).toArray()),
                copy(starts),
                copy(Arrays.stream(all)
                        .flatMapToInt(use -> IntStream.of(use.sequence(), use.index()))
                        .toArray()));
    }

    private long copy(int[] values) {
        long address = memory.take(4L * values.length);
        call.copy(MemorySegment.ofArray(values), address);
        return address;
    }

    @Override
    public void close() {
        memory.close();
    }
}
