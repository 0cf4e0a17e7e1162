package io.orrery.registry.inspection;

/** A header that is not what its format says, in a sentence. */
final class BrokenHeaderException extends RuntimeException {
    BrokenHeaderException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        super(message, cause);
    }
}
