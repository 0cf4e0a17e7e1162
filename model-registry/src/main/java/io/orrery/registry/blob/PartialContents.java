package io.orrery.registry.blob;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.springframework.stereotype.Component;

/**
 * Contents that arrive in parts, in any order and several at once, each part at its place in the one file that becomes the content. Parts
 * survive the end of this process, and processes on one file system may share the work. A part's place is locked while it is written, the
 * whole file while it is finished, and nothing is written to a file that was finished: the locks belong to the file, not to its name. Safe for
 * many threads.
 */
@Component
public class PartialContents {
    private static final int BUFFER = 1 << 18;
    private static final String FINISHED = ".finished";

    /** Some bytes of a content. */
    public record Part(long from, long length) {}

    private final Path folder;
    private final BlobStore store;
    private final Map<UUID, HashAlong> hashes = new ConcurrentHashMap<>();

    PartialContents(BlobProperties properties, BlobStore store) throws IOException {
        this.folder =
                Files.createDirectories(properties.blobs().toAbsolutePath().resolve("parts"));
        this.store = store;
    }

    /**
     * Receives a part, which may have come before.
     *
     * @return its checksum
     * @throws PartialContentException where the same part is being received, or the content was finished
     */
    public String write(UUID id, BlobStore.Expected whole, Part part, InputStream in) throws IOException {
        store.requireRoom(whole.what(), part.length());
        try (FileChannel channel = FileChannel.open(
                        file(id), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock _ = lock(channel, whole, part)) {
            refuseFinished(id, whole);
            HashAlong hash = hashes.computeIfAbsent(id, first -> new HashAlong(file(id)));
            hash.begin(part);
            String checksum = receive(channel, whole, part, in);
            channel.force(false);
            hash.end(part, channel);
            return checksum;
        }
    }

    /**
     * The content when all parts of it have come.
     *
     * @throws PartialContentException where parts are still being received, or there is no such content any more
     * @throws ContentMismatchException where it is another one; its parts are given up
     */
    public StagedBlob finish(UUID id, BlobStore.Expected whole) throws IOException {
        Part everything = new Part(0, Long.MAX_VALUE);
        try (FileChannel channel = FileChannel.open(file(id), StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock _ = lock(channel, whole, everything)) {
            refuseFinished(id, whole);
            HashAlong hash = hashes.computeIfAbsent(id, first -> new HashAlong(file(id)));
            Sha256 sha256 = hash.whole(channel);
            Files.createFile(finished(id));
            return taken(id, whole, sha256, channel.size());
        } catch (NoSuchFileException e) {
            throw PartialContentException.over("No part of " + whole.what() + " is here; ask for a new upload");
        } finally {
            hashes.remove(id);
        }
    }

    private StagedBlob taken(UUID id, BlobStore.Expected whole, Sha256 sha256, long size) throws IOException {
        Files.deleteIfExists(HashAlong.writes(file(id)));
        try {
            whole.verify(sha256, size);
            return store.take(file(id), sha256, size);
        } finally {
            Files.deleteIfExists(file(id));
        }
    }

    /** Removes what nobody has written to since then. @return how many contents were given up */
    public int sweep(Instant before) throws IOException {
        List<Path> old;
        try (Stream<Path> all = Files.list(folder)) {
            old = all.filter(file -> lastWritten(file).isBefore(before)).toList();
        }
        int contents = 0;
        for (Path file : old) {
            boolean isContent = file.getFileName().toString().indexOf('.') < 0;
            contents += Files.deleteIfExists(file) && isContent ? 1 : 0;
            if (isContent) {
                hashes.remove(UUID.fromString(file.getFileName().toString()));
            }
        }
        return contents;
    }

    private static Instant lastWritten(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            return Instant.MAX;
        }
    }

    private static FileLock lock(FileChannel channel, BlobStore.Expected whole, Part part) throws IOException {
        try {
            FileLock lock = channel.tryLock(part.from(), part.length(), false);
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            // as where another process holds it
        }
        throw PartialContentException.busy("Another request is still sending this part of " + whole.what());
    }

    private void refuseFinished(UUID id, BlobStore.Expected whole) {
        if (Files.exists(finished(id))) {
            throw PartialContentException.over("The upload of " + whole.what() + " was finished; ask for a new one");
        }
    }

    private static String receive(FileChannel channel, BlobStore.Expected whole, Part part, InputStream in)
            throws IOException {
        CRC32C checksum = new CRC32C();
        byte[] buffer = new byte[BUFFER];
        long received = 0;
        while (received < part.length()) {
            int count = read(in, buffer, (int) Math.min(buffer.length, part.length() - received), whole, received);
            checksum.update(buffer, 0, count);
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
            while (bytes.hasRemaining()) {
                channel.write(bytes, part.from() + received + bytes.position());
            }
            received += count;
        }
        if (in.read() >= 0) {
            throw new ContentMismatchException("This part of " + whole.what() + " has more than " + part.length()
                    + " bytes, which is how many belong there");
        }
        return String.format("%08x", checksum.getValue());
    }

    private static int read(InputStream in, byte[] buffer, int most, BlobStore.Expected whole, long received)
            throws IOException {
        try {
            int count = in.read(buffer, 0, most);
            if (count < 0) {
                throw new EOFException("it ended");
            }
            return count;
        } catch (IOException e) {
            throw new BrokenUploadException("a part of " + whole.what(), received, e);
        }
    }

    private Path file(UUID id) {
        return folder.resolve(id.toString());
    }

    private Path finished(UUID id) {
        return folder.resolve(id + FINISHED);
    }
}
