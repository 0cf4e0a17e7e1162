package io.orrery.registry.blob;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;

/** Some bytes of a file, to be sent and, where that fails, sent again. Confined to one thread. */
final class FileSection implements ContentStreamProvider, AutoCloseable {
    private final Path file;
    private final long from;
    private final long length;
    private @Nullable InputStream open;

    FileSection(Path file, long from, long length) {
        this.file = file;
        this.from = from;
        this.length = length;
    }

    @Override
    public InputStream newStream() {
        try {
            close();
            InputStream in = Files.newInputStream(file);
            open = in;
            in.skipNBytes(from);
            return new Bounded(in, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
        }
    }

    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = super.read(bytes, offset, (int) Math.min(count, left));
            left -= Math.max(0, read);
            return read;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
