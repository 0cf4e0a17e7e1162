package io.orrery.engine.ops;

import java.util.List;
import java.util.OptionalLong;

/** Opens devices of one kind; found by {@link java.util.ServiceLoader}. {@link Devices} is where one is asked for. */
public interface OpsProvider {
    /** What its devices are called, for people: {@code cpu}, {@code cuda:N}. */
    List<String> names();

    /** Whether the name is of this kind, be the device there or not. */
    boolean knows(String device);

    /**
     * Opens a device of this kind. Its caller closes it, on the thread that opened it.
     *
     * @throws DeviceException where it is not there or cannot be used, with what to do
     */
    Ops open(String device, DeviceSettings settings);

    /**
     * Memory of a device's own; empty where it shares the host's.
     *
     * @throws DeviceException where it is not there
     */
    default OptionalLong memoryBytes(String device) {
        return OptionalLong.empty();
    }

    /** What this machine has, and what is missing. */
    List<DeviceDescription> describe();
}
