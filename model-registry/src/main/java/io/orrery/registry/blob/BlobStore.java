package io.orrery.registry.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Keeps contents by their sha256, each whole or not at all: what has a name here is what its name says. Safe for many threads. What uses
 * contents asks {@link Contents}, which also knows those that are kept in another way.
 */
public interface BlobStore extends AutoCloseable {
    /**
     * What a content is to be.
     *
     * @param what named in errors, such as the file's path
     */
    record Expected(String what, Optional<Sha256> sha256, OptionalLong size) {
        /** Throws {@link ContentMismatchException} where something else has come. */
        void verify(Sha256 received, long bytes) {
            if (size.isPresent() && bytes > size.getAsLong()) {
                throw tooLong();
            }
            if (size.isPresent() && bytes != size.getAsLong()) {
                throw new ContentMismatchException(what + " ended after " + bytes + " of the announced "
                        + size.getAsLong() + " bytes; nothing was stored.");
            }
            if (sha256.isPresent() && !sha256.get().equals(received)) {
                throw new ContentMismatchException(what + " has the sha256 " + received.hex()
                        + " instead of the announced " + sha256.get().hex() + "; nothing was stored.");
            }
        }

        ContentMismatchException tooLong() {
            return new ContentMismatchException(
                    what + " is longer than the announced " + size.orElseThrow() + " bytes; nothing was stored.");
        }
    }

    /**
     * Receives a content. Throws {@link ContentMismatchException} when it is not the expected one, {@link InsufficientSpaceException} when it
     * does not fit, {@link BrokenUploadException} when its sender went away; none leaves anything behind.
     */
    StagedBlob stage(InputStream in, Expected expected) throws IOException;

    /** Takes over a file on the disk where contents arrive, whose hash is known; it is moved, not copied. */
    StagedBlob take(Path file, Sha256 sha256, long size) throws IOException;

    /** Throws {@link InsufficientSpaceException} where a content of this size would not fit. */
    void requireRoom(String what, long size) throws IOException;

    /** A content that is there; it never changes. */
    Optional<Content> find(Sha256 sha256) throws IOException;

    /** Whether a content was there to be deleted. On disk its readers read on to its end. */
    boolean delete(Sha256 sha256) throws IOException;

    /** Takes a content away from its readers and keeps its bytes under {@code quarantine/}, for whoever wants to look at them. */
    boolean quarantine(Sha256 sha256) throws IOException;

    /** A content as it lies in the store. */
    record Stored(Sha256 sha256, long size, Instant storedAt) {}

    /** Everything that is there, in no order; to be closed. */
    Stream<Stored> all() throws IOException;

    /** Removes what is left of transfers to the store that began before then and never ended. */
    default void sweepUnfinished(Instant before) throws IOException {}

    @Override
    void close() throws IOException;
}
