package io.orrery.registry.blob;

/** Bytes that are not the promised ones; nothing of them was kept. */
public final class ContentMismatchException extends RuntimeException {
    ContentMismatchException(String message) {
        super(message);
    }
}
