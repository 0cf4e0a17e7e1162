package io.orrery.registry.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import org.springframework.util.unit.DataSize;

/**
 * Receives contents on local disk, whichever store they go to: written to a file of their own, hashed on the way, compared with what was
 * announced, synced. Safe for many threads.
 */
final class Staging implements AutoCloseable {
    private static final int BUFFER = 1 << 18;

    /** A content that has arrived whole. */
    record Received(Path file, Sha256 sha256, long size) {}

    private final Disk disk;
    private final StagingArea area;
    private final long reserve;
    private final long maxFileSize;

    Staging(Path incoming, Disk disk, DataSize reserve, DataSize maxFileSize) throws IOException {
        this.disk = disk;
        this.area = StagingArea.open(incoming);
        this.reserve = reserve.toBytes();
        this.maxFileSize = maxFileSize.toBytes();
    }

    static Staging open(BlobProperties properties) throws IOException {
        Path root = Files.createDirectories(properties.blobs().toAbsolutePath());
        return new Staging(
                root.resolve("incoming"), new LocalDisk(root), properties.reserve(), properties.maxFileSize());
    }

    Received receive(InputStream in, BlobStore.Expected expected) throws IOException {
        expected.size().ifPresent(size -> refuseLarge(expected.what(), size));
        requireRoom(expected.what(), expected.size().orElse(0));
        Path file = area.newFile();
        boolean whole = false;
        try {
            Received received = write(in, expected, file);
            whole = true;
            return received;
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** A content that arrived elsewhere on the same disk. */
    Received take(Path file, Sha256 sha256, long size) throws IOException {
        Path taken = Files.move(file, area.newFile(), StandardCopyOption.ATOMIC_MOVE);
        return new Received(taken, sha256, size);
    }

    void requireRoom(String what, long size) throws IOException {
        long free = disk.free() - reserve;
        if (size > free) {
            throw new InsufficientSpaceException(what, size, free);
        }
    }

    private Received write(InputStream in, BlobStore.Expected expected, Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        long received = 0;
        byte[] buffer = new byte[BUFFER];
        try (Disk.NewFile out = disk.create(file)) {
            for (int n = read(in, buffer, expected, received); n >= 0; n = read(in, buffer, expected, received)) {
                received += n;
                refuseUnexpected(expected, received);
                digest.update(buffer, 0, n);
                write(out, ByteBuffer.wrap(buffer, 0, n), expected, received);
            }
            sync(out, expected, received);
        }
        Sha256 sha256 = Sha256.ofDigest(digest);
        expected.verify(sha256, received);
        return new Received(file, sha256, received);
    }

    /** Fills the buffer: what comes in small pieces is not hashed and written in them. Negative at the end. */
    private static int read(InputStream in, byte[] buffer, BlobStore.Expected expected, long received)
            throws IOException {
        int filled = 0;
        try {
            while (filled < buffer.length) {
                int count = in.read(buffer, filled, buffer.length - filled);
                if (count < 0) {
                    break;
                }
                filled += count;
            }
        } catch (IOException e) {
            throw new BrokenUploadException(expected.what(), received + filled, e);
        }
        return filled == 0 ? -1 : filled;
    }

    private void write(Disk.NewFile out, ByteBuffer bytes, BlobStore.Expected expected, long received)
            throws IOException {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw explained(e, expected, received);
        }
    }

    private void sync(Disk.NewFile out, BlobStore.Expected expected, long received) throws IOException {
        try {
            out.sync();
        } catch (IOException e) {
            throw explained(e, expected, received);
        }
    }

    /** Java has no type for a full disk; the system's message or the room that is left tells. */
    private IOException explained(IOException failure, BlobStore.Expected expected, long received) throws IOException {
        String message = String.valueOf(failure.getMessage());
        long free = disk.free() - reserve;
        long needed = expected.size().orElse(received);
        if (message.contains("No space left") || message.contains("quota exceeded") || free <= 0) {
            InsufficientSpaceException full = new InsufficientSpaceException(expected.what(), needed, received);
            full.initCause(failure);
            throw full;
        }
        return failure;
    }

    private void refuseUnexpected(BlobStore.Expected expected, long received) {
        if (expected.size().isPresent() && received > expected.size().getAsLong()) {
            throw expected.tooLong();
        }
        refuseLarge(expected.what(), received);
    }

    private void refuseLarge(String what, long size) {
        if (size > maxFileSize) {
            throw new ContentMismatchException(
                    what + " has " + size + " bytes or more, but this registry takes at most " + maxFileSize + ".");
        }
    }

    @Override
    public void close() throws IOException {
        area.close();
    }
}
