package io.orrery.engine.cuda;

import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Launches a kernel: its name, its arguments by position, its geometry. One call at a time; confined to the thread that owns
 * the device.
 */
final class Call implements AutoCloseable {
    private static final long ARRAYS = 1 << 20;

    private final Gpu gpu;
    private final Map<String, Gpu.Kernel> kernels = new HashMap<>();
    private final KernelArguments arguments = new KernelArguments();
    private final CudaWorkspace arrays;
    private final RecentArrays recent;

    @SuppressWarnings("MustBeClosedChecker") // closed with this
    private Arena arena = Arena.ofShared();

    /** Not a buffer of the driver's: what it holds may change as soon as a copy was queued. */
    private MemorySegment buffer = arena.allocate(ARRAYS, 64);

    private Gpu.@Nullable Kernel kernel;

    Call(Gpu gpu) {
        this.gpu = gpu;
        arrays = new CudaWorkspace(gpu, ARRAYS);
        recent = new RecentArrays(gpu, this);
    }

    /** Begins anew; arrays of the call before are gone once what was launched on them is done. */
    Call start(String name) {
        arrays.reset();
        return next(name);
    }

    /** Begins the next call on arrays that the one before filled. */
    Call next(String name) {
        kernel = kernels.computeIfAbsent(name, gpu::kernel);
        arguments.clear();
        return this;
    }

    Call pointer(@Nullable Tensor tensor) {
        return pointer(tensor == null ? 0 : CudaTensors.memory(tensor).address());
    }

    Call pointer(long address) {
        arguments.pointer(address);
        return this;
    }

    Call integer(long value) {
        arguments.integer(Math.toIntExact(value));
        return this;
    }

    Call number(long value) {
        arguments.number(value);
        return this;
    }

    Call real(double value) {
        arguments.real((float) value);
        return this;
    }

    /** A pointer to a copy of the values on the device. */
    Call ints(int[] values) {
        return pointer(recent.address(values));
    }

    /** Likewise; valid until the next {@link #start}. */
    Call floats(float[] values) {
        long address = arrays.take(4L * values.length);
        MemorySegment part = buffer(4L * values.length);
        part.copyFrom(MemorySegment.ofArray(values));
        gpu.copyToDevice(address, part);
        return pointer(address);
    }

    /** Brings an array onto the device, to where none lay since the last {@link Gpu#flush} or which launches are given as it is. */
    void copy(MemorySegment values, long to) {
        MemorySegment part = buffer(values.byteSize());
        part.copyFrom(values);
        gpu.copyEarly(to, part);
    }

    @SuppressWarnings("MustBeClosedChecker") // closed with this
    private MemorySegment buffer(long bytes) {
        if (bytes > buffer.byteSize()) {
            arena.close();
            arena = Arena.ofShared();
            buffer = arena.allocate(2 * bytes, 64);
        }
        return buffer.asSlice(0, bytes);
    }

    /** Memory for what a kernel hands on, valid until the next {@link #start}. */
    Tensor array(long... dims) {
        return arrays.empty(dims);
    }

    void run(Geometry geometry) {
        Gpu.Kernel started = kernel;
        if (started == null) {
            throw new IllegalStateException("no kernel was named");
        }
        if (!geometry.isEmpty()) {
            gpu.launch(started, geometry, arguments);
        }
    }

    /** So many doubles that a kernel left, once it is done. */
    double[] doubles(Tensor from, int count) {
        MemorySegment part = buffer(8L * count);
        gpu.copyToHost(part, CudaTensors.memory(from).address());
        return part.toArray(ValueLayout.JAVA_DOUBLE);
    }

    @Override
    public void close() {
        recent.close();
        arrays.close();
        arguments.close();
        arena.close();
    }
}
