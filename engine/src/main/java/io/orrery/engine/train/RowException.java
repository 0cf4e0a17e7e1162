package io.orrery.engine.train;

/** One row is not as it should be; the reader of the file adds the line. */
final class RowException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String pointer;

    /** @param pointer RFC 6901, empty for the row as a whole */
    RowException(String pointer, String cause) {
        super(cause);
        this.pointer = pointer;
    }

    String pointer() {
        return pointer;
    }
}
