package io.orrery.engine.ops;

/**
 * How a device computes.
 *
 * @param threads of a device that has them, 0 for one a core; results do not depend on it
 * @param exactActivations whether weights are multiplied by F32 activations, not by what the device multiplies fastest
 */
public record DeviceSettings(int threads, boolean exactActivations) {
    public DeviceSettings {
        if (threads < 0) {
            throw new IllegalArgumentException("threads (" + threads + ") must be 0 for one a core, or more");
        }
    }
}
