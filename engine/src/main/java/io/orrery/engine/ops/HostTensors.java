package io.orrery.engine.ops;

import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Tensors of the backends that compute in this process's memory: weights keep their blocks, row after row, as the file has
 * them. Confined to the thread that owns the device.
 */
public final class HostTensors implements AutoCloseable {
    @SuppressWarnings("MustBeClosedChecker") // closed with this
    private final Arena arena = Arena.ofShared();

    public Tensor persistent(long... dims) {
        Shape shape = Shape.of(dims);
        return new Tensor(DType.F32, shape, new HostMemory(allocate(DType.F32.bytes(shape.elements()))));
    }

    /** @throws IllegalArgumentException where no {@link BlockFormat} reads the tensor's dtype */
    public Tensor pack(Tensor host) {
        BlockFormat.of(host.dtype());
        long bytes = host.rows() * host.rowBytes();
        MemorySegment memory = allocate(bytes);
        MemorySegment.copy(host.segment(), 0, memory, 0, bytes);
        return new Tensor(host.dtype(), host.shape(), new HostMemory(memory));
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
        float[] values = new float[Math.toIntExact(from.elements())];
        BlockFormat.of(from.dtype()).dequantize(from.segment(), 0, values, 0, values.length);
        return values;
    }

    private MemorySegment allocate(long bytes) {
        return arena.allocate(Math.max(bytes, HostWorkspace.ALIGNMENT), HostWorkspace.ALIGNMENT);
    }

    @Override
    public void close() {
        arena.close();
    }
}
