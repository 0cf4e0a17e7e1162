package io.orrery.engine.cuda;

import io.orrery.engine.tensor.Tensor;

/**
 * The input of a projection as its kernel wants it, kept for the next one: queries, keys and values are projected from the same
 * rows, one after the other. Confined to the thread that owns the device.
 */
final class CastInput implements AutoCloseable {
    private static final long FIRST_CHUNK = 1 << 20;

    private final Gpu gpu;
    private final CudaWorkspace memory;
    private String kernel = "";
    private long of;
    private int rows;
    private int columns;
    private long address;
    private long asOf = -1;

    CastInput(Gpu gpu) {
        this.gpu = gpu;
        memory = new CudaWorkspace(gpu, FIRST_CHUNK);
    }

    /** Whether {@link #address} is what the kernel makes of x: nothing but projections from it was computed since. */
    boolean holds(String wanted, Tensor x) {
        return asOf == gpu.changes()
                && kernel.equals(wanted)
                && of == CudaTensors.memory(x).address()
                && rows == x.rows()
                && columns == x.cols();
    }

    /** Room for what the kernel makes of x; {@link #used} has to follow. */
    long replace(String by, Tensor x, long bytes) {
        memory.reset();
        kernel = by;
        of = CudaTensors.memory(x).address();
        rows = x.rows();
        columns = x.cols();
        address = memory.take(bytes);
        return address;
    }

    long address() {
        return address;
    }

    /** Says that what was computed last was a projection from it. */
    void used() {
        asOf = gpu.changes();
    }

    @Override
    public void close() {
        memory.close();
    }
}
