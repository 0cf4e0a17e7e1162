package io.orrery.engine.ops;

import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Tensors of the backends that compute in this process's memory: weights keep their blocks, row after row, as the file has
 * them. Confined to the thread that owns the device.
 */
public final class HostTensors implements AutoCloseable {
    private final HostHeap heap = new HostHeap();

    public Tensor persistent(long... dims) {
        Shape shape = Shape.of(dims);
        return new Tensor(DType.F32, shape, new HostMemory(heap.allocateZeros(DType.F32.bytes(shape.elements()))));
    }

    /** @throws IllegalArgumentException where no {@link BlockFormat} reads the tensor's dtype */
    public Tensor pack(Tensor host) {
        BlockFormat.of(host.dtype());
        MemorySegment memory = memory(host.rows() * host.rowBytes());
        host.copyRows(0, host.rows(), memory);
        return new Tensor(host.dtype(), host.shape(), new HostMemory(memory));
    }

    /** Room for a layout of a backend's own, aligned to a cache line, until {@link #free(MemorySegment)}. */
    public MemorySegment memory(long bytes) {
        return heap.allocate(bytes);
    }

    /** @throws IllegalArgumentException where it was not handed out here, or was freed before */
    public void free(Tensor tensor) {
        Arguments.require(
                heap.free(tensor.segment().address()),
                "%s was handed out neither by persistent nor by pack, or was freed before",
                tensor);
    }

    /** @throws IllegalArgumentException where it was not handed out by {@link #memory}, or was freed before */
    public void free(MemorySegment memory) {
        Arguments.require(heap.free(memory.address()), "%s was not handed out, or was freed before", memory);
    }

    public void write(Tensor to, float[] values) {
        Arguments.require(
                to.dtype() == DType.F32 && to.elements() == values.length,
                "cannot write %s values to %s",
                values.length,
                to);
        BlockFormat.of(DType.F32).quantize(values, 0, to.segment(), 0, values.length);
    }

    public float[] read(Tensor from) {
        return from.decode();
    }

    @Override
    public void close() {
        heap.close();
    }
}
