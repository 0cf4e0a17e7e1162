package io.orrery.standalone;

/** The platform cannot start or go on here; the message says what was found and what to do. */
public final class StandaloneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StandaloneException(String message) {
        super(message);
    }

    public StandaloneException(String message, Throwable cause) {
        super(message, cause);
    }
}
