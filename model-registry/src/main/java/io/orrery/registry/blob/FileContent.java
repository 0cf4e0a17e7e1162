package io.orrery.registry.blob;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/** A content that is a file. */
record FileContent(Path path, long size, OptionalLong writtenAt) implements Content {
    private static final int BUFFER = 1 << 17;

    @Override
    public Optional<Path> file() {
        return Optional.of(path);
    }

    @Override
    public void copy(long from, long length, OutputStream out) throws IOException {
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(1, length)));
            long at = from;
            long end = from + length;
            while (at < end) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
                int count = in.read(buffer, at);
                if (count < 0) {
                    throw new IOException(path.getFileName() + " ends at byte " + at + " of " + size);
                }
                at += count;
                send(buffer, count, out);
            }
        }
    }

    private static void send(ByteBuffer buffer, int count, OutputStream out) throws IOException {
        try {
            out.write(buffer.array(), 0, count);
        } catch (IOException e) {
            throw new ReceiverGoneException(e);
        }
    }
}
