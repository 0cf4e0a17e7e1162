package io.orrery.engine.cuda;

import io.orrery.engine.ops.DeviceException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jcuda.driver.CUcontext;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * A GPU through the driver: its primary context, one stream. An error that the driver calls sticky ends the device: every later
 * call repeats it. Launches wait in a {@link LaunchQueue} until some are together or their results are asked for. Confined to the thread that opened it, which the context is current on.
 */
final class JCudaGpu implements Gpu {
    /** Dynamic shared memory that a kernel has without being asked for more. */
    private static final int SHARED = 48 * 1024;

    private static final int NON_BLOCKING = 1;

    /** CU_STREAM_CAPTURE_MODE_RELAXED: other threads' devices are no concern of a recording. */
    private static final int RELAXED = 2;

    private final Driver.Device device;
    private final KernelLaunch.Stream stream = new KernelLaunch.Stream();
    private final LaunchQueue<CUgraphExec> queue = new LaunchQueue<>(new Launching());
    private long changes;
    private final GpuModules modules;
    private final Map<String, LoadedKernel> kernels = new HashMap<>();
    private final List<HostAddress> buffers = new ArrayList<>();
    private @Nullable String ended;
    private String last = "none";

    private JCudaGpu(Driver.Device device) {
        this.device = device;
        CUcontext context = new CUcontext();
        Driver.check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device.handle()), "open " + device);
        Driver.check(JCudaDriver.cuCtxSetCurrent(context), "use " + device);
        Driver.check(JCudaDriver.cuStreamCreate(stream, NON_BLOCKING), "make a stream on " + device);
        modules = new GpuModules(device.properties());
    }

    /** @param device {@code cuda:N} or {@code cuda:GPU-uuid} */
    static JCudaGpu open(String device) {
        return new JCudaGpu(Driver.find(device));
    }

    private static final class LoadedKernel implements Kernel {
        private final String name;
        private final KernelLaunch.Function function;
        private int shared = SHARED;

        LoadedKernel(String name, KernelLaunch.Function function) {
            this.name = name;
            this.function = function;
        }

        @Override
        public String name() {
            return name;
        }
    }

    @Override
    public GpuProperties properties() {
        return device.properties();
    }

    @Override
    public long freeBytes() {
        long[] free = new long[1];
        check(JCudaDriver.cuMemGetInfo(free, new long[1]), "ask for free memory");
        return free[0];
    }

    @Override
    public boolean isolatesAllocations() {
        return false;
    }

    @Override
    public long allocate(long bytes) {
        DeviceAddress address = new DeviceAddress();
        int code = JCudaDriver.cuMemAlloc(address, bytes);
        if (code == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            throw new DeviceException(
                    DeviceException.Reason.NO_ROOM,
                    String.format(
                            Locale.ROOT,
                            "%s has no room for %,d bytes: %,d of %,d are free; take a smaller model or fewer tokens at once",
                            device,
                            bytes,
                            freeBytes(),
                            properties().memoryBytes()));
        }
        check(code, "allocate " + bytes + " bytes");
        return address.value();
    }

    @Override
    public void free(long address) {
        queue.flush();
        check(JCudaDriver.cuMemFree(new DeviceAddress(address)), "free memory");
    }

    @Override
    public MemorySegment hostBuffer(long bytes) {
        HostAddress address = new HostAddress();
        check(JCudaDriver.cuMemAllocHost(address, bytes), "allocate " + bytes + " bytes of the host's memory");
        buffers.add(address);
        return address.segment(bytes);
    }

    @Override
    public void copyEarly(long to, MemorySegment from) {
        if (queue.names(to, from.byteSize())) {
            queue.flush();
        }
        send(to, from);
    }

    @Override
    public void flush() {
        queue.flush();
    }

    @Override
    public long changes() {
        return changes;
    }

    @Override
    public void copyToDevice(long to, MemorySegment from) {
        queue.flush();
        send(to, from);
    }

    private void send(long to, MemorySegment from) {
        changes++;
        check(
                JCudaDriver.cuMemcpyHtoDAsync(new DeviceAddress(to), new HostAddress(from), from.byteSize(), stream),
                "copy to the GPU");
    }

    @Override
    public void copyToHost(MemorySegment to, long from) {
        queue.flush();
        check(
                JCudaDriver.cuMemcpyDtoHAsync(new HostAddress(to), new DeviceAddress(from), to.byteSize(), stream),
                "copy from the GPU");
        synchronize();
    }

    @Override
    public void copy(long to, long from, long bytes) {
        queue.flush();
        changes++;
        check(
                JCudaDriver.cuMemcpyDtoDAsync(new DeviceAddress(to), new DeviceAddress(from), bytes, stream),
                "copy on the GPU");
    }

    @Override
    public void zero(long at, long bytes) {
        queue.flush();
        changes++;
        if (bytes > 0) {
            check(JCudaDriver.cuMemsetD8Async(new DeviceAddress(at), (byte) 0, bytes, stream), "clear memory");
        }
    }

    @Override
    public Kernel kernel(String name) {
        return kernels.computeIfAbsent(name, wanted -> new LoadedKernel(wanted, modules.function(wanted)));
    }

    @Override
    public void launch(Kernel kernel, Geometry geometry, KernelArguments arguments) {
        LoadedKernel loaded = (LoadedKernel) kernel;
        if (geometry.sharedBytes() > loaded.shared) {
            int code = JCudaDriver.cuFuncSetAttribute(
                    loaded.function,
                    CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                    geometry.sharedBytes());
            check(code, "give kernel " + loaded.name + " " + geometry.sharedBytes() + " bytes of shared memory");
            loaded.shared = geometry.sharedBytes();
        }
        changes++;
        queue.add(kernel, geometry, arguments);
    }

    /** What the queue does to the stream. */
    private final class Launching implements LaunchQueue.Device<CUgraphExec> {
        @Override
        public void launch(Kernel kernel, Geometry geometry, MemorySegment pointers) {
            LoadedKernel loaded = (LoadedKernel) kernel;
            last = loaded.name;
            int code = KernelLaunch.run(loaded.function, geometry, stream, pointers);
            if (code != CUresult.CUDA_SUCCESS) {
                check(code, "launch kernel " + loaded.name + " with " + geometry);
            }
        }

        @Override
        public CUgraphExec record(Runnable launches) {
            CUgraph graph = new CUgraph();
            CUgraphExec executable = new CUgraphExec();
            check(JCudaDriver.cuStreamBeginCapture(stream, RELAXED), "record launches");
            launches.run();
            check(JCudaDriver.cuStreamEndCapture(stream, graph), "record launches");
            check(JCudaDriver.cuGraphInstantiate(executable, graph, 0), "make a graph of launches");
            check(JCudaDriver.cuGraphDestroy(graph), "free a graph");
            return executable;
        }

        @Override
        public void replay(CUgraphExec graph) {
            check(JCudaDriver.cuGraphLaunch(graph, stream), "launch a graph that ends with " + last);
        }

        @Override
        public void destroy(CUgraphExec graph) {
            JCudaDriver.cuGraphExecDestroy(graph);
        }
    }

    @Override
    public void synchronize() {
        queue.flushBeforeWaiting();
        check(JCudaDriver.cuStreamSynchronize(stream), "wait for the GPU");
    }

    /** Sticky errors: the context computes nothing any more, and only a new process gets another. */
    private void check(int code, String what) {
        if (ended != null) {
            throw new DeviceException(DeviceException.Reason.ENDED, ended);
        }
        switch (code) {
            case CUresult.CUDA_SUCCESS -> {}
            case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
                    CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
                    CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
                    CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
                    CUresult.CUDA_ERROR_INVALID_PC,
                    CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
                    CUresult.CUDA_ERROR_LAUNCH_FAILED,
                    CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
                    CUresult.CUDA_ERROR_ASSERT,
                    CUresult.CUDA_ERROR_ECC_UNCORRECTABLE -> {
                ended = device + " stopped: " + Driver.describe(code) + ", seen on the way to " + what
                        + ", the last kernel launched was " + last + "; restart this process";
                throw new DeviceException(DeviceException.Reason.ENDED, ended);
            }
            default -> throw new DeviceException("could not " + what + " on " + device + ": " + Driver.describe(code));
        }
    }

    @Override
    public void close() {
        // whatever was wrong is known by now: a device that ended refuses these, too
        queue.close();
        buffers.forEach(JCudaDriver::cuMemFreeHost);
        modules.close();
        JCudaDriver.cuStreamDestroy(stream);
        JCudaDriver.cuDevicePrimaryCtxRelease(device.handle());
    }
}
