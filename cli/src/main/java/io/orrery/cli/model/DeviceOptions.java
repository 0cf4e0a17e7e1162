package io.orrery.cli.model;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.ops.Ops;
import picocli.CommandLine.Option;

/** What an in-process model computes on. */
public final class DeviceOptions {
    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads that compute (default: one a core).")
    private int threads;

    public int threads() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** Opens the device; its caller closes it, on the thread that used it. */
    public Ops open(ActivationMode activations) {
        return CpuOps.create(new CpuOptions(threads(), activations));
    }
}
