package io.orrery.hub;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.util.Base64;

/** Contents that go up, read as often as they are needed and never held whole. */
final class Sources {
    private static final int SAMPLE_BYTES = 512;

    private Sources() {}

    static long size(Upload upload) throws IOException {
        return switch (upload) {
            case Upload.OfFile file -> Files.size(file.source());
            case Upload.OfBytes bytes -> bytes.content().length;
        };
    }

    static InputStream open(Upload upload) throws IOException {
        return switch (upload) {
            case Upload.OfFile file -> Files.newInputStream(file.source());
            case Upload.OfBytes bytes -> new ByteArrayInputStream(bytes.content());
        };
    }

    /** The beginning in base64, by which a hub sees whether it is text. */
    static String sample(Upload upload) throws IOException {
        try (InputStream in = open(upload)) {
            return Base64.getEncoder().encodeToString(in.readNBytes(SAMPLE_BYTES));
        }
    }

    /** A part of it as a request's body, of a known length and streamed. */
    static BodyPublisher body(Upload upload, Span part) {
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> {
                    try {
                        return part(upload, part);
                    } catch (IOException e) {
                        throw new UncheckedIOException(upload.path() + " cannot be read", e);
                    }
                }),
                part.length());
    }

    private static InputStream part(Upload upload, Span part) throws IOException {
        InputStream in = open(upload);
        in.skipNBytes(part.from());
        return new Limited(in, part.length());
    }

    /** So many bytes of a stream, and no more where it has grown meanwhile. */
    private static final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = super.read(target, offset, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }
    }
}
