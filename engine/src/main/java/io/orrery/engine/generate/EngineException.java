package io.orrery.engine.generate;

import io.orrery.engine.ops.DeviceException;

/** The engine cannot do what was asked of it; {@link #reason} says what a caller can do about it. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public EngineException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What callers are told where the device or this process had no room; other failures of a device stay what they are. */
    static RuntimeException withoutRoom(Throwable failure, String wanted) {
        return failure instanceof DeviceException device && device.reason() != DeviceException.Reason.NO_ROOM
                ? device
                : new EngineException(
                        Reason.BUSY, "the device has no memory left for " + wanted + ": " + failure.getMessage());
    }

    public Reason reason() {
        return reason;
    }

    /** What a caller can do differently. */
    public enum Reason {
        /** Too many requests wait: come back later. */
        BUSY,
        /** The prompt does not fit the context: shorten it. */
        TOO_LONG,
        /** A token id that the vocabulary lacks, an adapter that is not there: correct the request. */
        INVALID,
        /** Nothing came in time. */
        TIMEOUT,
        /** The engine has stopped. */
        STOPPED
    }
}
