package io.orrery.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * One file into a folder: resumed where an earlier try ended, hashed as it comes, synced, and renamed to its content's id only when hash and
 * size are the promised ones.
 */
final class FileDownload {
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final HubConnection hub;
    private final URI uri;
    private final RemoteFile file;
    private final Path target;
    private final Path incomplete;

    FileDownload(HubConnection hub, URI uri, RemoteFile file, Path folder) {
        this.hub = hub;
        this.uri = uri;
        this.file = file;
        this.target = folder.resolve(file.contentId());
        this.incomplete = folder.resolve(file.contentId() + ".incomplete");
    }

    /** Fetches the file and tells {@code progress} how many of its bytes are here. */
    Path fetch(LongConsumer progress) {
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(progress);
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw HubException.local(
                            "Could not download " + file.path() + " after " + attempt + " tries: " + e.getMessage(), e);
                }
            } catch (HubException e) {
                if (attempt == ATTEMPTS || !(e.isTransient() || e.code().equals(HubException.CORRUPT))) {
                    throw e;
                }
            }
            pause(attempt);
        }
    }

    private Path attempt(LongConsumer progress) throws IOException {
        long have = Files.exists(incomplete) ? Files.size(incomplete) : 0;
        if (have > file.size()) {
            Files.delete(incomplete);
            have = 0;
        }
        MessageDigest digest = file.digest();
        if (have > 0) {
            Hashes.update(digest, incomplete);
        }
        if (have < file.size() || file.size() == 0) {
            receive(have, digest, progress);
        }
        return verified(digest);
    }

    private void receive(long have, MessageDigest digest, LongConsumer progress) throws IOException {
        HttpResponse<InputStream> response = hub.open(uri, have);
        if (have > 0 && response.statusCode() != 206) {
            response.body().close();
            Files.delete(incomplete);
            throw new IOException("the hub sent " + file.path() + " from its start instead of its rest");
        }
        try (InputStream body = response.body();
                FileChannel out = FileChannel.open(
                        incomplete, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                have += n;
                if (have > file.size()) {
                    throw corrupt("is longer than the promised " + file.size() + " bytes");
                }
                write(out, buffer, n);
                digest.update(buffer, 0, n);
                progress.accept(have);
            }
            out.force(true);
        }
        if (have < file.size()) {
            throw new IOException(file.path() + " ended after " + have + " of " + file.size() + " bytes");
        }
    }

    private static void write(FileChannel out, byte[] buffer, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private Path verified(MessageDigest digest) throws IOException {
        String found = Hashes.hex(digest);
        if (!found.equals(file.contentId())) {
            throw corrupt("has the hash " + found + " instead of the promised " + file.contentId());
        }
        return Files.move(incomplete, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private HubException corrupt(String what) throws IOException {
        Files.deleteIfExists(incomplete);
        return new HubException(
                0,
                HubException.CORRUPT,
                file.path() + " from " + uri.getAuthority() + " " + what + "; it was discarded.");
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(FIRST_PAUSE.multipliedBy(1L << (attempt - 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HubException.local("Interrupted while a download waited for its next try", e);
        }
    }
}
