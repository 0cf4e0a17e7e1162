package io.orrery.inference.wire;

/** Nobody waits for the answer any more. */
public final class ClientGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClientGoneException(String message) {
        super(message);
    }

    ClientGoneException(String message, Throwable cause) {
        super(message, cause);
    }
}
