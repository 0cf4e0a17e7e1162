package io.orrery.engine.ops;

/**
 * A device of this machine, or why there is none.
 *
 * @param name as {@link Devices#open} takes it, or the kind of device that is missing
 * @param found what it is, or what was seen in its place
 * @param advice how to get it; empty where it is there
 */
public record DeviceDescription(String name, String found, String advice) {
    public static DeviceDescription available(String name, String found) {
        return new DeviceDescription(name, found, "");
    }

    public static DeviceDescription missing(String name, String found, String advice) {
        return new DeviceDescription(name, found, advice);
    }

    public boolean isAvailable() {
        return advice.isEmpty();
    }
}
