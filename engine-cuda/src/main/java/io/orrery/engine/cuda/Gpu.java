package io.orrery.engine.cuda;

import java.lang.foreign.MemorySegment;

/**
 * A device with memory of its own that runs kernels in the order in which they are launched: a GPU behind the driver, or the
 * emulator. Copies and launches are queued in one stream; what is read back waits for all before it. Confined to the thread
 * that opened it.
 */
interface Gpu extends AutoCloseable {
    GpuProperties properties();

    /** Bytes that can be allocated now. */
    long freeBytes();

    /**
     * Whether every tensor should have an allocation of its own, so that an access past one tensor does not end in the next. A
     * GPU wants few large ones.
     */
    boolean isolatesAllocations();

    /**
     * Contents are undefined; aligned to 16 bytes at least.
     *
     * @throws io.orrery.engine.ops.DeviceException where there is no room, naming what was asked and what is free
     */
    long allocate(long bytes);

    void free(long address);

    /** Memory of the host that copies go through fastest; valid until {@link #close}. */
    MemorySegment hostBuffer(long bytes);

    /** From native memory. It may change once this returns, unless it is a {@link #hostBuffer}: then after a {@link #synchronize}. */
    void copyToDevice(long to, MemorySegment from);

    /**
     * The same of a small array that no launch was given yet: it may overtake launches, but not those that were given an address
     * within.
     */
    void copyEarly(long to, MemorySegment from);

    /** Hands everything launched to the device, so that memory can be put to another use by {@link #copyEarly}. */
    void flush();

    /** How often device memory may have changed: launches, copies and clearings so far. */
    long changes();

    /** Waits until it is done. */
    void copyToHost(MemorySegment to, long from);

    void copy(long to, long from, long bytes);

    /** Sets bytes to zero. */
    void zero(long at, long bytes);

    /** @throws io.orrery.engine.ops.DeviceException where there is none */
    Kernel kernel(String name);

    /** Something of this device's that a launch names. */
    interface Kernel {
        String name();
    }

    void launch(Kernel kernel, Geometry geometry, KernelArguments arguments);

    /** Waits for all that was queued. */
    void synchronize();

    @Override
    void close();
}
