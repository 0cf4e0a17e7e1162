package io.orrery.cli.repository;

/** A hub refused something; the message is for the person who asked, and says what to do. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
