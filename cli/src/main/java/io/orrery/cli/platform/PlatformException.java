package io.orrery.cli.platform;

import org.jspecify.annotations.Nullable;

/** The platform refused, failed or cannot be reached; the message is for the person who asked. */
public final class PlatformException extends RuntimeException {
    private final int status;

    PlatformException(int status, String message) {
        super(message);
        this.status = status;
    }

    PlatformException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = 0;
    }

    /** The HTTP status, or 0 where there was no answer. */
    public int status() {
        return status;
    }
}
