package io.orrery.cli.conformance;

import io.orrery.engine.ops.DeviceSettings;
import io.orrery.engine.ops.Devices;
import io.orrery.engine.ops.Ops;

/** What computes: in F32, with no rounding of activations, as golden cases are. */
record Device(String name) {
    Ops open() {
        return Devices.open(name, new DeviceSettings(0, true));
    }
}
