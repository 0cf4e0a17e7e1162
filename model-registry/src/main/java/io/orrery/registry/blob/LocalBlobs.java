package io.orrery.registry.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/**
 * Contents on disk under {@code sha256/ab/cd/abcd...}. A content is written to a staging file, hashed on the way, synced, and renamed; so
 * what has a name here is whole and is what its name says. Safe for many threads.
 */
final class LocalBlobs implements BlobStore {
    private static final int BUFFER = 1 << 18;

    private final Path root;
    private final Disk disk;
    private final StagingArea staging;
    private final long reserve;
    private final long maxFileSize;

    LocalBlobs(Path root, Disk disk, DataSize reserve, DataSize maxFileSize) throws IOException {
        this.root = root;
        this.disk = disk;
        this.staging = StagingArea.open(root.resolve("incoming"));
        this.reserve = reserve.toBytes();
        this.maxFileSize = maxFileSize.toBytes();
    }

    static LocalBlobs open(BlobProperties properties) throws IOException {
        Path root = Files.createDirectories(properties.blobs().toAbsolutePath());
        return new LocalBlobs(root, new LocalDisk(root), properties.reserve(), properties.maxFileSize());
    }

    @Override
    public StagedBlob stage(InputStream in, Expected expected) throws IOException {
        expected.size().ifPresent(size -> refuseLarge(expected.what(), size));
        requireRoom(expected.what(), expected.size().orElse(0));
        Path file = staging.newFile();
        boolean whole = false;
        try {
            StagedFile staged = receive(in, expected, file);
            whole = true;
            return staged;
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void requireRoom(String what, long size) throws IOException {
        long free = disk.free() - reserve;
        if (size > free) {
            throw new InsufficientSpaceException(what, size, free);
        }
    }

    @Override
    public Optional<Content> find(Sha256 sha256) throws IOException {
        Path place = place(sha256);
        try {
            return Optional.of(new FileContent(place, Files.size(place)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean delete(Sha256 sha256) throws IOException {
        return Files.deleteIfExists(place(sha256));
    }

    private StagedFile receive(InputStream in, Expected expected, Path file) throws IOException {
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
        verify(expected, sha256, received);
        return new StagedFile(this, file, sha256, received);
    }

    private static int read(InputStream in, byte[] buffer, Expected expected, long received) throws IOException {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new BrokenUploadException(expected.what(), received, e);
        }
    }

    private void write(Disk.NewFile out, ByteBuffer bytes, Expected expected, long received) throws IOException {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw explained(e, expected, received);
        }
    }

    private void sync(Disk.NewFile out, Expected expected, long received) throws IOException {
        try {
            out.sync();
        } catch (IOException e) {
            throw explained(e, expected, received);
        }
    }

    /** Java has no type for a full disk; the system's message or the room that is left tells. */
    private IOException explained(IOException failure, Expected expected, long received) throws IOException {
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

    private void refuseUnexpected(Expected expected, long received) {
        if (expected.size().isPresent() && received > expected.size().getAsLong()) {
            throw new ContentMismatchException(expected.what() + " is longer than the announced "
                    + expected.size().getAsLong() + " bytes; nothing was stored.");
        }
        refuseLarge(expected.what(), received);
    }

    private void refuseLarge(String what, long size) {
        if (size > maxFileSize) {
            throw new ContentMismatchException(
                    what + " has " + size + " bytes or more, but this registry takes at most " + maxFileSize + ".");
        }
    }

    private static void verify(Expected expected, Sha256 sha256, long received) {
        if (expected.size().isPresent() && received != expected.size().getAsLong()) {
            throw new ContentMismatchException(expected.what() + " ended after " + received + " of the announced "
                    + expected.size().getAsLong() + " bytes; nothing was stored.");
        }
        if (expected.sha256().isPresent() && !expected.sha256().get().equals(sha256)) {
            throw new ContentMismatchException(expected.what() + " has the sha256 " + sha256.hex()
                    + " instead of the announced " + expected.sha256().get().hex() + "; nothing was stored.");
        }
    }

    void publish(Path file, Sha256 sha256) throws IOException {
        Path place = place(sha256);
        if (!Files.exists(place)) {
            disk.publish(file, place);
        }
    }

    private Path place(Sha256 sha256) {
        String hex = sha256.hex();
        return root.resolve("sha256")
                .resolve(hex.substring(0, 2))
                .resolve(hex.substring(2, 4))
                .resolve(hex);
    }

    @Override
    public void close() throws IOException {
        staging.close();
    }
}
