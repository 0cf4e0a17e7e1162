package io.orrery.engine.cuda;

import io.orrery.engine.ops.Workspace;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Activations in a GPU's memory. Chunks are filled one after the other and kept; a reset joins them into one. Where the
 * device isolates allocations a piece is a chunk, and goes back when it is released.
 */
final class CudaWorkspace implements Workspace {
    /** What vector loads and asynchronous copies want, and the driver gives. */
    private static final long ALIGNMENT = 256;

    private final Gpu gpu;
    private final long firstChunk;
    private final List<Chunk> chunks = new ArrayList<>();
    private int current;
    private long fill;
    private long highWater;

    /** @param firstChunk bytes that are taken at once when something is asked for first */
    CudaWorkspace(Gpu gpu, long firstChunk) {
        this.gpu = gpu;
        this.firstChunk = firstChunk;
    }

    /** Bytes {@code start} to {@code start + bytes} of the whole. */
    private record Chunk(long start, long address, long bytes) {
        long end() {
            return start + bytes;
        }
    }

    @Override
    public Tensor zeros(long... dims) {
        Tensor tensor = empty(dims);
        DeviceMemory memory = (DeviceMemory) tensor.storage();
        gpu.zero(memory.address(), memory.byteSize());
        return tensor;
    }

    @Override
    public Tensor empty(long... dims) {
        Shape shape = Shape.of(dims);
        long bytes = DType.F32.bytes(shape.elements());
        return new Tensor(DType.F32, shape, new DeviceMemory(take(bytes), bytes));
    }

    /** The address of so many bytes, contents undefined. */
    long take(long bytes) {
        long rounded = Math.max(1, Math.ceilDiv(bytes, ALIGNMENT)) * ALIGNMENT;
        if (gpu.isolatesAllocations()) {
            chunks.add(new Chunk(fill, gpu.allocate(bytes), rounded));
            fill += rounded;
            highWater = Math.max(highWater, fill);
            return chunks.getLast().address();
        }
        while (current < chunks.size() && fill + rounded > chunks.get(current).end()) {
            fill = chunks.get(current).end();
            current++;
        }
        if (current == chunks.size()) {
            grow(Math.max(rounded, Math.max(firstChunk, taken())));
        }
        Chunk chunk = chunks.get(current);
        long address = chunk.address() + fill - chunk.start();
        fill += rounded;
        highWater = Math.max(highWater, fill);
        return address;
    }

    private void grow(long bytes) {
        chunks.add(new Chunk(taken(), gpu.allocate(bytes), bytes));
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
        if (gpu.isolatesAllocations()) {
            while (!chunks.isEmpty() && chunks.getLast().start() >= mark) {
                gpu.free(chunks.removeLast().address());
            }
            return;
        }
        while (current > 0
                && (current == chunks.size() || fill < chunks.get(current).start())) {
            current--;
        }
        if (mark == 0 && chunks.size() > 1) {
            long need = highWater;
            // the driver waits for what still uses them
            close();
            grow(need);
        }
    }

    @Override
    public long byteSize() {
        return gpu.isolatesAllocations() ? highWater : taken();
    }

    @Override
    public void close() {
        chunks.forEach(chunk -> gpu.free(chunk.address()));
        chunks.clear();
        current = 0;
        fill = 0;
        highWater = 0;
    }
}
