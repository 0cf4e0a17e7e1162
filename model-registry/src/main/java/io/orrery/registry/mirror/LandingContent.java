package io.orrery.registry.mirror;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.ReceiverGoneException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;

/** A content that is read while it lands. */
final class LandingContent implements Content {
    private static final int BUFFER = 1 << 17;
    /** What is further ahead of what has landed is not waited for. */
    private static final long FAR = 64L << 20;

    /** Where else a content may be had from. */
    interface Elsewhere {
        /** Passes bytes on as they come, unverified. */
        void pass(long from, long length, OutputStream out) throws IOException;

        /** The content as it is kept. */
        Content kept() throws IOException;

        /** Whether what has come of it was found damaged lately. */
        boolean isDoubtful();
    }

    private final Landing landing;
    private final Elsewhere elsewhere;

    LandingContent(Landing landing, Elsewhere elsewhere) {
        this.landing = landing;
        this.elsewhere = elsewhere;
    }

    @Override
    public long size() {
        return landing.size();
    }

    @Override
    public boolean mayResume() {
        return !elsewhere.isDoubtful();
    }

    @Override
    public void copy(long from, long length, OutputStream out) throws IOException {
        if (from > landing.landed() + FAR && !landing.isVerified() && !elsewhere.isDoubtful()) {
            elsewhere.pass(from, length, out);
            return;
        }
        try (FileChannel in = FileChannel.open(landing.file(), StandardOpenOption.READ)) {
            follow(in, from, length, out);
        } catch (NoSuchFileException e) {
            // it has become one that is kept, or will not
            landing.awaitReadable(landing.size() - 1);
            elsewhere.kept().copy(from, length, out);
        }
    }

    private void follow(FileChannel in, long from, long length, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(1, length)));
        long end = from + length;
        for (long at = from; at < end; ) {
            if (landing.readable() <= at) {
                send(out::flush);
            }
            long readable = Math.min(end, landing.awaitReadable(at));
            buffer.clear().limit((int) Math.min(buffer.capacity(), readable - at));
            int count = in.read(buffer, at);
            if (count < 0) {
                throw new IOException("the content ends at byte " + at + " of " + landing.size());
            }
            send(() -> out.write(buffer.array(), 0, count));
            at += count;
        }
    }

    interface Sending {
        void run() throws IOException;
    }

    static void send(Sending sending) throws IOException {
        try {
            sending.run();
        } catch (IOException e) {
            throw new ReceiverGoneException(e);
        }
    }
}
