package io.orrery.registry.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A content that has arrived whole but is not visible; closing it without {@link #publish} leaves nothing. Confined to one thread. */
public final class StagedBlob implements AutoCloseable {
    private final BlobStore store;
    private final Path file;
    private final Sha256 sha256;
    private final long size;

    StagedBlob(BlobStore store, Path file, Sha256 sha256, long size) {
        this.store = store;
        this.file = file;
        this.sha256 = sha256;
        this.size = size;
    }

    public Sha256 sha256() {
        return sha256;
    }

    public long size() {
        return size;
    }

    /** Makes the content visible under its hash. */
    public void publish() throws IOException {
        store.publish(file, sha256);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
