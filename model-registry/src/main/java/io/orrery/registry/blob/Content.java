package io.orrery.registry.blob;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** A content that can be read, at any place and by many readers at once, wherever and however it is kept. */
public interface Content {
    long size();

    /**
     * Writes {@code length} bytes from byte {@code from} on. A fault of the content is an {@link IOException}, one of the receiver a
     * {@link ReceiverGoneException}.
     */
    void copy(long from, long length, OutputStream out) throws IOException;

    /** The file that is this content, where there is one: the kernel sends from it without our reading it. */
    default Optional<Path> file() {
        return Optional.empty();
    }

    /** When its bytes were last written, in nanoseconds, where its store would tell that somebody else did it. */
    default OptionalLong writtenAt() {
        return OptionalLong.empty();
    }

    /** Whether one who has read a part may go on where it ended: not while that part may be of another, damaged content. */
    default boolean mayResume() {
        return true;
    }

    /** The content, or its beginning where it has more bytes than {@code most}. */
    default byte[] beginning(int most) throws IOException {
        int length = (int) Math.min(most, size());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(length);
        copy(0, length, bytes);
        return bytes.toByteArray();
    }
}
