package io.orrery.registry.blob;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A content on its way into the database, where {@link Contents} writes many of them together. */
record StagedBytes(Sha256 sha256, long size, Spool.Piece piece) implements StagedBlob {
    byte[] bytes() {
        try {
            return piece.read();
        } catch (IOException e) {
            throw new UncheckedIOException("the content " + sha256.hex() + " could not be read again", e);
        }
    }

    @Override
    public void publish() {
        throw new IllegalStateException("the content " + sha256.hex() + " is small: it is published with others");
    }

    @Override
    public void close() {}
}
