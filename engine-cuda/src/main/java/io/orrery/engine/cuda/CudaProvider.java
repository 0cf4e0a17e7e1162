package io.orrery.engine.cuda;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.ops.DeviceDescription;
import io.orrery.engine.ops.DeviceException;
import io.orrery.engine.ops.DeviceSettings;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.OpsProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** {@code cuda:N} and {@code cuda:GPU-uuid} are GPUs; {@code cuda-emulated} runs their kernels on the host, to test them. */
public final class CudaProvider implements OpsProvider {
    private static final String EMULATED = "cuda-emulated";

    /** For {@link java.util.ServiceLoader}. */
    public CudaProvider() {}

    @Override
    public List<String> names() {
        return List.of("cuda:N", "cuda:GPU-uuid", EMULATED);
    }

    @Override
    public boolean knows(String device) {
        return device.equals(EMULATED) || device.matches("(?i)cuda:(\\d+|gpu-[0-9a-f-]+)");
    }

    @Override
    public Ops open(String device, DeviceSettings settings) {
        Gpu gpu = device.equals(EMULATED) ? EmulatedGpu.open() : JCudaGpu.open(device);
        GpuProperties properties = gpu.properties();
        ActivationMode activations = settings.exactActivations() ? ActivationMode.F32 : ActivationMode.NATIVE;
        String name = "%s (%s, compute capability %s, activations %s)"
                .formatted(device, properties.name(), properties.computeCapability(), activations);
        return new CudaOps(gpu, name, activations);
    }

    @Override
    public OptionalLong memoryBytes(String device) {
        return device.equals(EMULATED)
                ? OptionalLong.empty()
                : OptionalLong.of(Driver.find(device).properties().memoryBytes());
    }

    @Override
    public List<DeviceDescription> describe() {
        List<DeviceDescription> all = new ArrayList<>(gpus());
        all.add(
                EmulatorLibrary.isBuilt()
                        ? DeviceDescription.available(EMULATED, "kernels run on the host, slowly and strictly")
                        : DeviceDescription.missing(EMULATED, "this build has none", "install g++ and build again"));
        return all;
    }

    private static List<DeviceDescription> gpus() {
        if (!GpuModules.isBuilt()) {
            return List.of(DeviceDescription.missing(
                    "cuda", "this build has no kernels for a GPU", "install the CUDA toolkit (nvcc) and build again"));
        }
        try {
            return Driver.devices().stream().map(CudaProvider::described).toList();
        } catch (DeviceException e) {
            return List.of(DeviceDescription.missing("cuda", "no GPU", String.valueOf(e.getMessage())));
        }
    }

    private static DeviceDescription described(Driver.Device device) {
        GpuProperties properties = device.properties();
        return DeviceDescription.available(
                "cuda:" + device.index(),
                String.format(
                        Locale.ROOT,
                        "%s, %s, compute capability %s, %.1f GB, driver of CUDA %s",
                        properties.name(),
                        properties.uuid(),
                        properties.computeCapability(),
                        properties.memoryBytes() / 1e9,
                        Driver.version()));
    }
}
