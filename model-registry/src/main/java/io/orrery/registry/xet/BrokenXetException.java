package io.orrery.registry.xet;

/** Bytes that are not the xorb or shard that they are said to be, in a sentence. */
final class BrokenXetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenXetException(String message) {
        super(message);
    }
}
