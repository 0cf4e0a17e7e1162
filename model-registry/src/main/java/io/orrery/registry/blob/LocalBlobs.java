package io.orrery.registry.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Contents on disk under {@code sha256/ab/cd/abcd...}. A content is written to a staging file, hashed on the way, synced, and renamed; so
 * what has a name here was whole when it got it. Safe for many threads and for many processes on one file system.
 */
final class LocalBlobs implements BlobStore {
    private static final int DEPTH = 3;

    private final Path root;
    private final Disk disk;
    private final Staging staging;

    LocalBlobs(Path root, Disk disk, Staging staging) {
        this.root = root;
        this.disk = disk;
        this.staging = staging;
    }

    static LocalBlobs open(BlobProperties properties) throws IOException {
        Staging staging = Staging.open(properties);
        Path root = properties.blobs().toAbsolutePath();
        return new LocalBlobs(root, new LocalDisk(root), staging);
    }

    @Override
    public StagedBlob stage(InputStream in, Expected expected) throws IOException {
        return new StagedFile(staging.receive(in, expected), this::publish, false);
    }

    @Override
    public StagedBlob take(Path file, Sha256 sha256, long size) throws IOException {
        return new StagedFile(staging.take(file, sha256, size), this::publish, false);
    }

    @Override
    public void requireRoom(String what, long size) throws IOException {
        staging.requireRoom(what, size);
    }

    @Override
    public Optional<Content> find(Sha256 sha256) throws IOException {
        Path place = place(sha256);
        try {
            BasicFileAttributes attributes = Files.readAttributes(place, BasicFileAttributes.class);
            long writtenAt = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
            return Optional.of(new FileContent(place, attributes.size(), OptionalLong.of(writtenAt)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Stream<Stored> all() throws IOException {
        Path folder = Files.createDirectories(root.resolve("sha256"));
        return Files.walk(folder, DEPTH)
                .filter(file -> Sha256.isHex(file.getFileName().toString()))
                .flatMap(file -> stored(file).stream());
    }

    private static Optional<Stored> stored(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Instant at = attributes.lastModifiedTime().toInstant();
            return Optional.of(new Stored(new Sha256(file.getFileName().toString()), attributes.size(), at));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean delete(Sha256 sha256) throws IOException {
        return Files.deleteIfExists(place(sha256));
    }

    @Override
    public boolean quarantine(Sha256 sha256) throws IOException {
        Path folder = Files.createDirectories(root.resolve("quarantine"));
        try {
            Files.move(place(sha256), folder.resolve(sha256.hex()), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void publish(Staging.Received content) throws IOException {
        Path place = place(content.sha256());
        if (!Files.exists(place) || Files.size(place) != content.size()) {
            disk.publish(content.file(), place);
        }
    }

    private Path place(Sha256 sha256) {
        return root.resolve(sha256.place());
    }

    @Override
    public void close() throws IOException {
        staging.close();
    }
}
