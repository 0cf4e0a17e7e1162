package io.orrery.engine.ops;

import java.util.List;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The devices that this build knows, by name: {@code cpu}, {@code cuda:0}. */
public final class Devices {
    private Devices() {}

    /**
     * Opens a device. Its caller closes it, on the thread that opened it.
     *
     * @throws IllegalArgumentException where the name is of no kind, naming those that are
     * @throws DeviceException where the device is not there or cannot be used, with what to do
     */
    public static Ops open(String device, DeviceSettings settings) {
        return provider(device).open(device, settings);
    }

    /** Memory of a device's own; empty where it shares the host's. */
    public static OptionalLong memoryBytes(String device) {
        return provider(device).memoryBytes(device);
    }

    /** Whether the name is of some kind of device, be it there or not. */
    public static boolean knows(String device) {
        return providers().stream().anyMatch(provider -> provider.knows(device));
    }

    /** What devices are called, for people: {@code cpu, cuda:N}. */
    public static String names() {
        return providers().stream()
                .flatMap(provider -> provider.names().stream())
                .collect(Collectors.joining(", "));
    }

    /** What this machine has, and what is missing. */
    public static List<DeviceDescription> describe() {
        return providers().stream()
                .flatMap(provider -> provider.describe().stream())
                .toList();
    }

    private static OpsProvider provider(String device) {
        return providers().stream()
                .filter(provider -> provider.knows(device))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no device '" + device + "'; this build knows " + names()));
    }

    private static List<OpsProvider> providers() {
        return ServiceLoader.load(OpsProvider.class, OpsProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
