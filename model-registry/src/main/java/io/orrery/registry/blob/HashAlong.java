package io.orrery.registry.blob;

import io.orrery.registry.blob.PartialContents.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.TreeMap;

/**
 * Hashes a file from its beginning while its parts come, so that the last answer does not wait until hundreds of gigabytes are read again.
 * Every part that begins to be written, by whatever process, adds a byte to a file beside: where there are more than were seen here, or a
 * hashed part is written again, hashing begins anew. Safe for many threads.
 */
final class HashAlong {
    private static final int BUFFER = 1 << 20;

    private final Path writes;
    private final TreeMap<Long, Long> arrived = new TreeMap<>();
    private MessageDigest digest = Sha256.digest();
    private long hashed;
    private long begun;

    HashAlong(Path file) {
        this.writes = writes(file);
    }

    /** Where the writes to a file are counted. */
    static Path writes(Path file) {
        return file.resolveSibling(file.getFileName() + ".writes");
    }

    synchronized void begin(Part part) throws IOException {
        Files.write(writes, new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        begun++;
        if (part.from() < hashed) {
            restart();
        }
        arrived.remove(part.from());
    }

    synchronized void end(Part part, FileChannel file) throws IOException {
        arrived.put(part.from(), part.from() + part.length());
        for (Long end = arrived.get(hashed); end != null; end = arrived.get(hashed)) {
            hash(file, end);
        }
    }

    synchronized Sha256 whole(FileChannel file) throws IOException {
        if (begun != allBegun()) {
            restart();
        }
        hash(file, file.size());
        return Sha256.ofDigest(digest);
    }

    private void restart() {
        digest = Sha256.digest();
        hashed = 0;
    }

    private long allBegun() throws IOException {
        try {
            return Files.size(writes);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private void hash(FileChannel file, long end) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.clamp(end - hashed, 1, BUFFER));
        while (hashed < end) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - hashed));
            int count = file.read(buffer, hashed);
            if (count < 0) {
                throw new IOException("the file of parts ends at byte " + hashed + " of " + end);
            }
            digest.update(buffer.flip());
            hashed += count;
        }
    }
}
