package io.orrery.cli.model;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.ops.DeviceSettings;
import io.orrery.engine.ops.Devices;
import io.orrery.engine.ops.Ops;
import picocli.CommandLine.Option;

/** What an in-process model computes on. */
public final class DeviceOptions {
    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "cpu",
            description = "What computes: cpu, cuda:N, cuda:GPU-uuid or cuda-emulated (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads of the CPU that compute (default: one a core).")
    private int threads;

    public String device() {
        return device;
    }

    public int threads() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** Opens the device; its caller closes it, on the thread that used it. */
    public Ops open(ActivationMode activations) {
        return Devices.open(device, new DeviceSettings(threads(), activations == ActivationMode.F32));
    }
}
