package io.orrery.engine.cuda;

import io.orrery.engine.ops.Arguments;
import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Tensors that stay: weights in their blocks, row after row as the file has them, caches and optimiser state. Copies go through
 * a buffer of the host. Confined to the thread that owns the device.
 */
final class CudaTensors implements AutoCloseable {
    private static final int BUFFER = 8 << 20;

    private final Gpu gpu;
    private final MemorySegment buffer;
    private final Map<Long, Long> pieces = new HashMap<>();

    CudaTensors(Gpu gpu) {
        this.gpu = gpu;
        buffer = gpu.hostBuffer(BUFFER);
    }

    Tensor persistent(long... dims) {
        Shape shape = Shape.of(dims);
        DeviceMemory memory = allocate(DType.F32.bytes(shape.elements()));
        gpu.zero(memory.address(), memory.byteSize());
        return new Tensor(DType.F32, shape, memory);
    }

    /** Contents undefined. */
    DeviceMemory allocate(long bytes) {
        long address = gpu.allocate(Math.max(1, bytes));
        pieces.put(address, bytes);
        return new DeviceMemory(address, bytes);
    }

    TiledMemory allocateTiles(long bytes) {
        return new TiledMemory(allocate(bytes).address(), bytes);
    }

    /** @throws IllegalArgumentException where no {@link BlockFormat} reads the tensor's dtype */
    Tensor pack(Tensor host) {
        BlockFormat.of(host.dtype());
        DeviceMemory memory = allocate(host.rows() * host.rowBytes());
        upload(host, memory.address());
        return new Tensor(host.dtype(), host.shape(), memory);
    }

    /** Copies a host tensor's rows as they are encoded. */
    void upload(Tensor host, long to) {
        long rowBytes = host.rowBytes();
        if (rowBytes == 0) {
            return;
        }
        int rowsAtOnce = (int) Math.max(1, BUFFER / rowBytes);
        for (int row = 0; row < host.rows(); row += rowsAtOnce) {
            int end = Math.min(host.rows(), row + rowsAtOnce);
            long bytes = (end - row) * rowBytes;
            MemorySegment part = bytes <= BUFFER ? buffer.asSlice(0, bytes) : gpu.hostBuffer(bytes);
            host.copyRows(row, end, part);
            gpu.copyToDevice(to + row * rowBytes, part);
            gpu.synchronize();
        }
    }

    /** @throws IllegalArgumentException where it was not handed out here, or was freed before */
    void free(Tensor tensor) {
        long address = switch (tensor.storage()) {
            case DeviceMemory memory -> memory.address();
            case TiledMemory memory -> memory.address();
            default -> 0;
        };
        boolean isOurs = pieces.remove(address) != null;
        Arguments.require(isOurs, "%s was handed out neither by persistent nor by pack, or was freed before", tensor);
        gpu.free(address);
    }

    /** Bytes held. */
    long byteSize() {
        return pieces.values().stream().mapToLong(Long::longValue).sum();
    }

    void write(Tensor to, float[] values) {
        Arguments.require(
                to.dtype() == DType.F32 && to.elements() == values.length,
                "cannot write %s values to %s",
                values.length,
                to);
        long address = memory(to).address();
        int atOnce = BUFFER / Float.BYTES;
        for (int from = 0; from < values.length; from += atOnce) {
            int count = Math.min(atOnce, values.length - from);
            MemorySegment.copy(values, from, buffer, ValueLayout.JAVA_FLOAT, 0, count);
            gpu.copyToDevice(address + 4L * from, buffer.asSlice(0, 4L * count));
            gpu.synchronize();
        }
    }

    float[] read(Tensor from) {
        float[] values = new float[Math.toIntExact(from.elements())];
        BlockFormat format = BlockFormat.of(from.dtype());
        long address = memory(from).address();
        int block = from.dtype().blockElements();
        int atOnce = BUFFER / from.dtype().blockBytes() * block;
        for (int at = 0; at < values.length; at += atOnce) {
            int count = Math.min(atOnce, values.length - at);
            MemorySegment part = buffer.asSlice(0, from.dtype().bytes(count));
            gpu.copyToHost(part, address + from.dtype().bytes(at));
            if (from.dtype() == DType.F32) {
                MemorySegment.copy(part, ValueLayout.JAVA_FLOAT, 0, values, at, count);
            } else {
                format.dequantize(part, 0, values, at, count);
            }
        }
        return values;
    }

    static DeviceMemory memory(Tensor tensor) {
        if (tensor.storage() instanceof DeviceMemory memory) {
            return memory;
        }
        throw new IllegalArgumentException(tensor + " is not in the GPU's memory but in "
                + tensor.storage().getClass().getSimpleName());
    }

    @Override
    public void close() {
        pieces.keySet().forEach(gpu::free);
        pieces.clear();
    }
}
