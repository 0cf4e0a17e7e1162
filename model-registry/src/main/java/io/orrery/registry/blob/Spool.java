package io.orrery.registry.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that wait for a transaction: in memory, and beyond a number of them in a file that loses its name as it is opened, so that nothing
 * is left of it whatever happens to this process. Confined to one thread.
 */
final class Spool implements AutoCloseable {
    /** Bytes that were added. */
    @FunctionalInterface
    interface Piece {
        byte[] read() throws IOException;
    }

    private final long memory;
    private long inMemory;
    private @Nullable FileChannel file;
    private long inFile;

    Spool(long memory) {
        this.memory = memory;
    }

    Piece add(byte[] bytes) throws IOException {
        if (inMemory + bytes.length <= memory) {
            inMemory += bytes.length;
            return () -> bytes;
        }
        FileChannel channel = file == null ? open() : file;
        file = channel;
        long place = inFile;
        inFile += bytes.length;
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left, place + left.position());
        }
        return piece(channel, place, bytes.length);
    }

    private static FileChannel open() throws IOException {
        return FileChannel.open(
                Files.createTempFile("orrery-spool", ""),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    private static Piece piece(FileChannel channel, long place, int length) {
        return () -> {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, place + bytes.position()) < 0) {
                    throw new IOException("the spool ends at byte " + (place + bytes.position()));
                }
            }
            return bytes.array();
        };
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
