package io.orrery.engine.cpu;

import io.orrery.engine.ops.DeviceDescription;
import io.orrery.engine.ops.DeviceSettings;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.OpsProvider;
import io.orrery.engine.ops.ScalarOps;
import java.util.List;

/** {@code cpu} is kernels in C; {@code scalar} is the plain loops that say what every operation means. */
public final class CpuProvider implements OpsProvider {
    private static final String CPU = "cpu";
    private static final String SCALAR = "scalar";

    /** For {@link java.util.ServiceLoader}. */
    public CpuProvider() {}

    @Override
    public List<String> names() {
        return List.of(CPU, SCALAR);
    }

    @Override
    public boolean knows(String device) {
        return names().contains(device);
    }

    @Override
    public Ops open(String device, DeviceSettings settings) {
        if (device.equals(SCALAR)) {
            return new ScalarOps();
        }
        int threads = settings.threads() == 0 ? CpuOptions.defaults().threads() : settings.threads();
        return CpuOps.create(
                new CpuOptions(threads, settings.exactActivations() ? ActivationMode.F32 : ActivationMode.NATIVE));
    }

    @Override
    public List<DeviceDescription> describe() {
        try (Ops ops = CpuOps.create(CpuOptions.defaults())) {
            String device = ops.device();
            return List.of(
                    device.contains("scalar")
                            ? DeviceDescription.missing(CPU, device, "install a C compiler and build again")
                            : DeviceDescription.available(CPU, device));
        }
    }
}
