package io.orrery.finetune.file;

import io.orrery.finetune.wire.RequestProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;

/**
 * Contents on disk under {@code sha256/ab/abcd...}. A content is written to {@code incoming}, hashed on the way, synced, and renamed; so
 * what has a name here is whole and is what its name says. Safe for many threads of one process.
 */
class ContentStore {
    private static final int BUFFER = 1 << 17;

    private final Path root;
    private final Path incoming;
    private final Disk disk;
    private final FileProperties limits;

    ContentStore(FileProperties properties, Disk disk) throws IOException {
        root = properties.files().toAbsolutePath();
        incoming = Files.createDirectories(root.resolve("incoming"));
        this.disk = disk;
        limits = properties;
        try (Stream<Path> abandoned = Files.list(incoming)) {
            // this service owns its folder: what lies here was left by a process that died
            for (Path file : abandoned.toList()) {
                Files.delete(file);
            }
        }
    }

    /** A content that has arrived whole but has no name yet; closing it leaves nothing. */
    record Arrived(Path file, String sha256, long bytes) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            Files.deleteIfExists(file);
        }
    }

    /** Throws a {@link RequestProblem} where the content is too large (413), does not fit (507) or breaks off (400); nothing is left then. */
    Arrived receive(InputStream in, String filename) throws IOException {
        Path file = incoming.resolve(UUID.randomUUID().toString());
        boolean whole = false;
        try {
            Arrived arrived = write(in, filename, file);
            whole = true;
            return arrived;
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Throws where so many bytes would not fit. */
    void requireRoom(String filename, long bytes) throws IOException {
        long free = disk.free(root) - limits.reserve().toBytes();
        if (bytes > free) {
            throw noSpace(filename, bytes);
        }
    }

    private Arrived write(InputStream in, String filename, Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER];
        long received = 0;
        requireRoom(filename, 0);
        try (Disk.NewFile out = disk.create(file)) {
            for (int n = read(in, buffer, filename); n >= 0; n = read(in, buffer, filename)) {
                received += n;
                refuseLarge(filename, received);
                digest.update(buffer, 0, n);
                out.write(ByteBuffer.wrap(buffer, 0, n));
            }
            out.sync();
        } catch (IOException e) {
            if (isFull(e)) {
                throw noSpace(filename, received);
            }
            throw e;
        }
        return new Arrived(file, HexFormat.of().formatHex(digest.digest()), received);
    }

    private static int read(InputStream in, byte[] buffer, String filename) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw RequestProblem.invalid(
                    "file", "The upload of '" + filename + "' broke off: " + e.getMessage() + ". Nothing was stored.");
        }
    }

    private void refuseLarge(String filename, long bytes) {
        long most = limits.maxFileSize().toBytes();
        if (bytes > most) {
            throw RequestProblem.of(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "file_too_large",
                    "'" + filename + "' is larger than " + most
                            + " bytes, the most that is accepted. Nothing was stored.");
        }
    }

    /** Java has no type for a full disk; the system's message tells. */
    private static boolean isFull(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("No space left") || message.contains("quota exceeded");
    }

    private static RequestProblem noSpace(String filename, long bytes) {
        return RequestProblem.of(
                HttpStatus.INSUFFICIENT_STORAGE,
                "insufficient_storage",
                "No space left to store '" + filename + "' (" + bytes
                        + " bytes until then). Nothing was stored; free some space and upload it again.");
    }

    /** Gives a content its name. */
    void publish(Arrived arrived) throws IOException {
        Path place = place(arrived.sha256());
        if (!Files.exists(place)) {
            Path folder = Files.createDirectories(folderOf(arrived.sha256()));
            Files.move(arrived.file(), place, StandardCopyOption.ATOMIC_MOVE);
            for (Path changed : List.of(folder, root.resolve("sha256"), root)) {
                sync(changed);
            }
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    void delete(String sha256) throws IOException {
        Files.deleteIfExists(place(sha256));
    }

    Path place(String sha256) {
        return folderOf(sha256).resolve(sha256);
    }

    private Path folderOf(String sha256) {
        return root.resolve("sha256").resolve(sha256.substring(0, 2));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256, which every Java must have", e);
        }
    }
}
