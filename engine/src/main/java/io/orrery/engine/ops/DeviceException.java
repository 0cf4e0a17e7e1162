package io.orrery.engine.ops;

/** A device cannot be had, has no room, or failed: the message says which, what was found, and what to do. */
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
