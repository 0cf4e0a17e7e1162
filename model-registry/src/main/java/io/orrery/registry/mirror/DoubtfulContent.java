package io.orrery.registry.mirror;

import io.orrery.registry.blob.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/** A good content of which somebody may have a damaged beginning. */
record DoubtfulContent(Content good) implements Content {
    @Override
    public long size() {
        return good.size();
    }

    @Override
    public boolean mayResume() {
        return false;
    }

    @Override
    public void copy(long from, long length, OutputStream out) throws IOException {
        good.copy(from, length, out);
    }

    @Override
    public Optional<Path> file() {
        return good.file();
    }
}
