package io.orrery.cli.conformance;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;

/** What computes: in F32, with no rounding of activations, as golden cases are. */
enum Device {
    /** The kernels of this machine's CPU. */
    CPU,
    /** The plain loops that say what every operation means. */
    SCALAR;

    Ops open() {
        return switch (this) {
            case CPU -> CpuOps.create(new CpuOptions(Runtime.getRuntime().availableProcessors(), ActivationMode.F32));
            case SCALAR -> new ScalarOps();
        };
    }
}
