package io.orrery.registry.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A content in the staging area of a store on disk. */
final class StagedFile implements StagedBlob {
    private final LocalBlobs store;
    private final Path file;
    private final Sha256 sha256;
    private final long size;

    StagedFile(LocalBlobs store, Path file, Sha256 sha256, long size) {
        this.store = store;
        this.file = file;
        this.sha256 = sha256;
        this.size = size;
    }

    @Override
    public Sha256 sha256() {
        return sha256;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void publish() throws IOException {
        store.publish(file, sha256);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
