package io.orrery.engine.ops;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Activations in this process's memory. Chunks are filled one after the other; a reset joins them into one, so that the
 * next step finds its whole need in a piece.
 */
public final class HostWorkspace implements Workspace {
    /** A cache line, and the width of the widest vector. */
    static final long ALIGNMENT = 64;

    private static final long FIRST_CHUNK = 1 << 20;

    private final List<Chunk> chunks = new ArrayList<>();
    private int current;
    private long fill;
    private long highWater;

    /** Bytes {@code start} to {@code start + memory.byteSize()} of the whole. */
    private record Chunk(long start, Arena arena, MemorySegment memory) {
        long end() {
            return start + memory.byteSize();
        }
    }

    @Override
    public Tensor zeros(long... dims) {
        Tensor tensor = empty(dims);
        tensor.segment().fill((byte) 0);
        return tensor;
    }

    @Override
    public Tensor empty(long... dims) {
        Shape shape = Shape.of(dims);
        return new Tensor(DType.F32, shape, new HostMemory(take(DType.F32.bytes(shape.elements()))));
    }

    private MemorySegment take(long bytes) {
        long rounded = Math.max(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        while (current < chunks.size() && fill + rounded > chunks.get(current).end()) {
            fill = chunks.get(current).end();
            current++;
        }
        if (current == chunks.size()) {
            grow(Math.max(rounded, Math.max(FIRST_CHUNK, taken())));
        }
        Chunk chunk = chunks.get(current);
        MemorySegment piece = chunk.memory().asSlice(fill - chunk.start(), bytes);
        fill += rounded;
        highWater = Math.max(highWater, fill);
        return piece;
    }

    @SuppressWarnings("MustBeClosedChecker") // closed with the workspace
    private void grow(long bytes) {
        Arena arena = Arena.ofShared();
        chunks.add(new Chunk(taken(), arena, SystemMemory.allocate(bytes, arena)));
    }

    private long taken() {
        return chunks.isEmpty() ? 0 : chunks.getLast().end();
    }

    @Override
    public long mark() {
        return fill;
    }

    @Override
    public void release(long mark) {
        if (mark < 0 || mark > fill) {
            throw new IllegalArgumentException("mark " + mark + " is not within the fill of " + fill + " bytes");
        }
        fill = mark;
        while (current > 0
                && (current == chunks.size() || fill < chunks.get(current).start())) {
            current--;
        }
        if (mark == 0 && chunks.size() > 1) {
            long need = highWater;
            close();
            grow(need);
        }
    }

    @Override
    public long byteSize() {
        return taken();
    }

    @Override
    public void close() {
        chunks.forEach(chunk -> chunk.arena().close());
        chunks.clear();
        current = 0;
        fill = 0;
        highWater = 0;
    }
}
