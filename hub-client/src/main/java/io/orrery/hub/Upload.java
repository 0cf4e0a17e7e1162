package io.orrery.hub;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A file to commit: where it goes in the repository, and its content. */
public sealed interface Upload {
    /** Path in the repository, with slashes, without one in front. */
    String path();

    static Upload file(String path, Path source) {
        return new OfFile(path, source);
    }

    static Upload bytes(String path, byte[] content) {
        return new OfBytes(path, content);
    }

    static Upload text(String path, String content) {
        return new OfBytes(path, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Content from the disk, streamed, never held in memory when large. */
    record OfFile(String path, Path source) implements Upload {}

    /** Content from memory; the array must not change until it is committed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record OfBytes(String path, byte[] content) implements Upload {}
}
