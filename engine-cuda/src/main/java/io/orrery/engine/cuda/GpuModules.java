package io.orrery.engine.cuda;

import io.orrery.engine.ops.DeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The fatbins of this build, loaded into one GPU's context. Confined to the thread that owns the device. */
final class GpuModules implements AutoCloseable {
    private static final String LIST = "/native/fatbins";

    private final Map<String, CUmodule> modules = new LinkedHashMap<>();
    private final Map<String, String> refused = new LinkedHashMap<>();

    /** Whether the build found nvcc. */
    static boolean isBuilt() {
        return GpuModules.class.getResource(LIST) != null;
    }

    /**
     * Loads all into the context that is current.
     *
     * @throws DeviceException where the build has none, or the GPU runs none of them
     */
    GpuModules(GpuProperties gpu) {
        if (!isBuilt()) {
            throw new DeviceException(
                    "this build has no kernels for a GPU, since it found no nvcc; install the CUDA toolkit and build again");
        }
        for (String name :
                new String(resource(LIST), StandardCharsets.UTF_8).lines().toList()) {
            load(name);
        }
        if (modules.isEmpty()) {
            throw new DeviceException("the kernels of this build do not run on " + gpu.name() + " (compute capability "
                    + gpu.computeCapability() + ", driver of CUDA " + Driver.version() + "): "
                    + List.copyOf(refused.values()).getFirst());
        }
    }

    /** Some files are for one kind of GPU alone: that others refuse them is noted, in case a kernel is missed. */
    private void load(String name) {
        CUmodule module = new CUmodule();
        int code = JCudaDriver.cuModuleLoadData(module, resource("/native/" + name));
        switch (code) {
            case CUresult.CUDA_SUCCESS -> modules.put(name, module);
            case CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU ->
                refused.put(name, "it was compiled for others; build with ORRERY_CUDA_TARGETS=all");
            case CUresult.CUDA_ERROR_INVALID_PTX, CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION ->
                refused.put(name, "the driver is older than the compiler; install a newer driver");
            default -> throw new DeviceException("could not load " + name + ": " + Driver.describe(code));
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = GpuModules.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new DeviceException("this build lacks " + name + "; build again");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " of this build", e);
        }
    }

    /** @throws DeviceException where no module that was loaded has it */
    KernelLaunch.Function function(String kernel) {
        for (CUmodule module : modules.values()) {
            KernelLaunch.Function function = new KernelLaunch.Function();
            int code = JCudaDriver.cuModuleGetFunction(function, module, kernel);
            if (code == CUresult.CUDA_SUCCESS) {
                return function;
            }
            if (code != CUresult.CUDA_ERROR_NOT_FOUND) {
                throw new DeviceException("could not look for kernel " + kernel + ": " + Driver.describe(code));
            }
        }
        throw new DeviceException("this build has no kernel " + kernel + " for this GPU"
                + (refused.isEmpty() ? "" : "; not loaded: " + refused));
    }

    @Override
    public void close() {
        modules.values().forEach(JCudaDriver::cuModuleUnload);
        modules.clear();
    }
}
