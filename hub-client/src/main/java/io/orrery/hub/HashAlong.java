package io.orrery.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The hash of a file that is coming, taken on a thread of its own: parts come side by side and a hash takes them in order, so it follows
 * what is here without a gap.
 */
final class HashAlong {
    private static final int BUFFER = 1 << 18;

    private final PartialFile partial;
    private final CompletableFuture<String> hash = new CompletableFuture<>();

    private HashAlong(PartialFile partial) {
        this.partial = partial;
    }

    static HashAlong start(PartialFile partial) {
        HashAlong along = new HashAlong(partial);
        Thread.ofPlatform().daemon().name("hash-along").start(along::run);
        return along;
    }

    private void run() {
        try {
            hash.complete(taken());
        } catch (IOException | InterruptedException | RuntimeException e) {
            hash.completeExceptionally(e);
        }
    }

    private String taken() throws IOException, InterruptedException {
        RemoteFile file = partial.file();
        MessageDigest digest = file.digest();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(1, file.size())));
        long position = 0;
        while (position < file.size()) {
            long until = partial.awaitPrefix(position);
            if (until == position) {
                throw new IOException(file.path() + " is given up");
            }
            while (position < until) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), until - position));
                int count = partial.read(buffer, position);
                if (count < 0) {
                    throw new IOException(file.path() + " was cut by someone else while it was downloaded");
                }
                digest.update(buffer.flip());
                position += count;
            }
        }
        return Hashes.hex(digest);
    }

    /** Of the whole file, once that is here. */
    String await() throws IOException, InterruptedException {
        try {
            return hash.get();
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
        }
    }
}
