package io.orrery.registry.blob;

/** A content that comes in parts cannot be gone on with: not now, where another request is at it, or not at all. */
public final class PartialContentException extends RuntimeException {
    private final boolean busy;

    private PartialContentException(String message, boolean busy) {
        super(message);
        this.busy = busy;
    }

    static PartialContentException busy(String message) {
        return new PartialContentException(message, true);
    }

    static PartialContentException over(String message) {
        return new PartialContentException(message, false);
    }

    public boolean isBusy() {
        return busy;
    }
}
