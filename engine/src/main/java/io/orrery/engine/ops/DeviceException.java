package io.orrery.engine.ops;

/**
 * A device cannot be had, has no room, or failed: the message says which, what was found, and what to do. {@link #reason} is
 * for callers.
 */
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** What a caller can do differently. */
    public enum Reason {
        /** Not there, or not usable: take another device. */
        UNAVAILABLE,
        /** No memory left for what was asked: ask for less, or later. */
        NO_ROOM,
        /** It computes nothing any more: this process must be started anew. */
        ENDED
    }

    public DeviceException(String message) {
        this(Reason.UNAVAILABLE, message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
        reason = Reason.UNAVAILABLE;
    }

    public DeviceException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
