package io.orrery.registry.blob;

/** The store's disk has no room; nothing of the content was kept. */
public final class InsufficientSpaceException extends RuntimeException {
    InsufficientSpaceException(String what, long needed, long free) {
        super("No space left to store " + what + ": it needs " + needed + " bytes, of which " + missing(needed, free)
                + " are missing on the registry's disk. Nothing was stored; free some space and upload it again.");
    }

    private static long missing(long needed, long free) {
        return Math.max(1, needed - free);
    }
}
