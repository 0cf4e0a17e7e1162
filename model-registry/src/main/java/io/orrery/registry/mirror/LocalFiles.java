package io.orrery.registry.mirror;

import io.orrery.registry.blob.BlobStore.Expected;
import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.blob.StagedBlob;
import io.orrery.registry.repository.GitBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongConsumer;
import org.springframework.stereotype.Component;

/**
 * Takes contents in from files of this machine. A file is linked where it is on the disk of the contents and belongs to whom this process
 * runs as, who could as well change the store's own files; it is made read-only, and hashed through the link, so that what was verified is
 * what is kept. Any other is copied by the kernel, which on file systems that can do that copies nothing until one of the two is written.
 */
@Component
class LocalFiles {
    private static final long SMALL = 1 << 16;
    private static final long COPIED_AT_ONCE = 64L << 20;
    private static final int PIECE = 8 << 20;
    private static final Set<PosixFilePermission> READ_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    /** What was done to have a content. */
    enum Way {
        HERE,
        LINKED,
        COPIED
    }

    /** A content that is published. */
    record Landed(Sha256 sha256, Way way) {}

    private final LandingFolder folder;
    private final Contents contents;

    LocalFiles(LandingFolder folder, Contents contents) {
        this.folder = folder;
        this.contents = contents;
    }

    /**
     * Publishes the content of a file. Throws {@link DamagedException} where it is not what it is to be.
     *
     * @param hashed is told how many bytes were looked at
     */
    Landed land(GitBlob blob, Path file, boolean mayLink, LongConsumer hashed) throws IOException {
        if (Files.size(file) != blob.size()) {
            throw new DamagedException("it has " + Files.size(file) + " bytes in place of " + blob.size());
        }
        Optional<Content> there =
                blob.sha256().isPresent() ? contents.find(blob.sha256().get()) : Optional.empty();
        if (there.isPresent()) {
            Sha256 sha256 = hash(file, blob, hashed);
            contents.touch(List.of(sha256));
            return new Landed(sha256, Way.HERE);
        }
        return blob.size() <= SMALL ? read(blob, file, hashed) : move(blob, file, mayLink, hashed);
    }

    private Landed read(GitBlob blob, Path file, LongConsumer hashed) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Fingerprint fingerprint = new Fingerprint(blob);
        fingerprint.update(bytes, bytes.length);
        Sha256 sha256 = fingerprint.verified();
        Expected expected = new Expected(file.toString(), Optional.of(sha256), OptionalLong.of(blob.size()));
        try (StagedBlob staged = contents.stage(new ByteArrayInputStream(bytes), expected)) {
            publish(staged);
        }
        hashed.accept(bytes.length);
        return new Landed(sha256, Way.COPIED);
    }

    private Landed move(GitBlob blob, Path file, boolean mayLink, LongConsumer hashed) throws IOException {
        Path place = folder.place(blob.contentId() + ".local");
        Files.deleteIfExists(place);
        try {
            boolean isLinked = mayLink && link(file, place);
            if (!isLinked) {
                contents.requireRoom(file.toString(), blob.size());
                copy(file, place, done -> hashed.accept(done / 2));
            }
            Sha256 sha256 = hash(place, blob, done -> hashed.accept(isLinked ? done : (blob.size() + done) / 2));
            if (isLinked) {
                Files.setPosixFilePermissions(place, READ_ONLY);
            }
            try (StagedBlob staged = contents.take(place, sha256, blob.size())) {
                publish(staged);
            }
            return new Landed(sha256, isLinked ? Way.LINKED : Way.COPIED);
        } finally {
            Files.deleteIfExists(place);
        }
    }

    private void publish(StagedBlob staged) throws IOException {
        staged.transfer();
        contents.publish(List.of(staged));
    }

    /** Whether there is a link now: only to a file of ours, and not between disks. */
    private boolean link(Path file, Path place) {
        try {
            if (!Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(folder.place("")))
                    || !Files.getFileStore(file).supportsFileAttributeView("posix")) {
                return false;
            }
            Files.createLink(place, file);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static void copy(Path file, Path place, LongConsumer copied) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                FileChannel out = FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long size = in.size();
            for (long at = 0; at < size; ) {
                long count = in.transferTo(at, Math.min(COPIED_AT_ONCE, size - at), out);
                if (count <= 0) {
                    throw new IOException(file + " became shorter while it was copied");
                }
                at += count;
                copied.accept(at);
            }
            out.force(true);
        }
    }

    private static Sha256 hash(Path file, GitBlob blob, LongConsumer hashed) throws IOException {
        Fingerprint fingerprint = new Fingerprint(blob);
        byte[] bytes = new byte[(int) Math.min(PIECE, Math.max(1, blob.size()))];
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long done = 0;
            for (int count = in.read(ByteBuffer.wrap(bytes)); count >= 0; count = in.read(ByteBuffer.wrap(bytes))) {
                fingerprint.update(bytes, count);
                done += count;
                hashed.accept(done);
            }
        }
        return fingerprint.verified();
    }
}
