package io.orrery.cli.demo;

/** A step of the demo did not come to its end; the message says which and why. */
final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoException(String message) {
        super(message);
    }
}
