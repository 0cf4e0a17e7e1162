package io.orrery.engine.cuda;

import io.orrery.engine.ops.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The kernels run by the host: slowly, and strictly. A launch whose arguments are not of the kernel's types is refused; one
 * that reads or writes past an allocation fails with kernel, block and thread. Nothing is queued.
 */
final class EmulatedGpu implements Gpu {
    private final EmulatorLibrary library;
    private final Map<String, EmulatedKernel> kernels = new HashMap<>();
    private final Set<Long> allocations = new HashSet<>();
    private long changes;

    @SuppressWarnings("MustBeClosedChecker") // closed with this
    private final Arena arena = Arena.ofShared();

    EmulatedGpu(EmulatorLibrary library) {
        this.library = library;
    }

    /** @throws DeviceException where this build has no emulator */
    static EmulatedGpu open() {
        return new EmulatedGpu(
                EmulatorLibrary.ofBuild()
                        .orElseThrow(
                                () -> new DeviceException(
                                        "this build has no emulated GPU, since it found no C++ compiler; install g++ and build again")));
    }

    private record EmulatedKernel(String name, MemorySegment nativeName, String signature) implements Kernel {}

    @Override
    public GpuProperties properties() {
        return new GpuProperties(
                "emulated on the host", "", 8, 0, 4, Runtime.getRuntime().maxMemory());
    }

    @Override
    public long freeBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    @Override
    public boolean isolatesAllocations() {
        return true;
    }

    @Override
    public long allocate(long bytes) {
        long address = library.allocate(bytes);
        if (address == 0) {
            throw new DeviceException(
                    DeviceException.Reason.NO_ROOM, "the host has no room for " + bytes + " bytes of an emulated GPU");
        }
        allocations.add(address);
        return address;
    }

    @Override
    public void free(long address) {
        if (!allocations.remove(address) || !library.free(address)) {
            throw new IllegalArgumentException("nothing was allocated at 0x" + Long.toHexString(address));
        }
    }

    @Override
    public MemorySegment hostBuffer(long bytes) {
        return arena.allocate(bytes, 64);
    }

    @Override
    public void copyEarly(long to, MemorySegment from) {
        copyToDevice(to, from);
    }

    @Override
    public void flush() {
        // a launch returns when it is done
    }

    @Override
    public long changes() {
        return changes;
    }

    @Override
    public void copyToDevice(long to, MemorySegment from) {
        changes++;
        at(to, from.byteSize()).copyFrom(from);
    }

    @Override
    public void copyToHost(MemorySegment to, long from) {
        to.copyFrom(at(from, to.byteSize()));
    }

    @Override
    public void copy(long to, long from, long bytes) {
        changes++;
        at(to, bytes).copyFrom(at(from, bytes));
    }

    @Override
    public void zero(long at, long bytes) {
        changes++;
        at(at, bytes).fill((byte) 0);
    }

    private static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @Override
    public Kernel kernel(String name) {
        return kernels.computeIfAbsent(name, wanted -> {
            MemorySegment nativeName = library.text(wanted);
            String signature = library.signature(nativeName)
                    .orElseThrow(() -> new DeviceException("the emulator has no kernel " + wanted));
            return new EmulatedKernel(wanted, nativeName, signature);
        });
    }

    @Override
    public void launch(Kernel kernel, Geometry geometry, KernelArguments arguments) {
        EmulatedKernel emulated = (EmulatedKernel) kernel;
        changes++;
        if (!arguments.kinds().equals(emulated.signature())) {
            throw new IllegalArgumentException("kernel " + kernel.name() + " takes " + emulated.signature()
                    + " and was given " + arguments.kinds());
        }
        library.launch(emulated.nativeName(), geometry, arguments.pointers()).ifPresent(wrong -> {
            throw new DeviceException(wrong);
        });
    }

    @Override
    public void synchronize() {
        // a launch returns when it is done
    }

    @Override
    public void close() {
        allocations.forEach(library::free);
        allocations.clear();
        arena.close();
        library.close();
    }
}
