package io.orrery.gateway.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way through, of which only a few pieces are in memory. The request's thread reads the client and the HTTP
 * client's threads take the pieces: the servlet's stream is never touched by another thread, since Tomcat uses it again for the next
 * request.
 */
final class Upload {
    private static final int PIECE = 64 * 1024;
    private static final int PIECES = 4;
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final byte[] END = new byte[0];

    private final InputStream client;
    private final long length;
    private final Duration idle;
    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(PIECES);
    private volatile boolean abandoned;

    /**
     * @param client the body as it arrives
     * @param length in bytes, negative where it is not known
     * @param idle how long either side may stand still
     */
    Upload(InputStream client, long length, Duration idle) {
        this.client = client;
        this.length = length;
        this.idle = idle;
    }

    BodyPublisher publisher() {
        BodyPublisher pieces = BodyPublishers.ofInputStream(Pieces::new);
        return length < 0 ? pieces : BodyPublishers.fromPublisher(pieces, length);
    }

    /**
     * Moves the body until its end, or until the answer is there, which may be a refusal before the end.
     *
     * @throws ClientGoneException where the client breaks off
     */
    void pump(Future<?> answer) throws InterruptedException {
        byte[] piece = new byte[PIECE];
        try {
            int read = client.read(piece);
            while (read >= 0 && !answer.isDone()) {
                if (!put(Arrays.copyOf(piece, read), answer)) {
                    return;
                }
                read = client.read(piece);
            }
            put(END, answer);
        } catch (IOException e) {
            throw new ClientGoneException("the client broke off while it sent the body: " + e.getMessage(), e);
        }
    }

    /** No more pieces will come; the request must not look complete. */
    void abandon() {
        abandoned = true;
    }

    private boolean put(byte[] piece, Future<?> answer) throws InterruptedException {
        long deadline = System.nanoTime() + idle.toNanos();
        while (!pieces.offer(piece, LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            if (answer.isDone()) {
                return false;
            }
            if (System.nanoTime() > deadline) {
                throw new UpstreamException(
                        UpstreamException.Failure.TOO_SLOW,
                        "The service took nothing of the request's body for " + idle.toSeconds() + " s.");
            }
        }
        return true;
    }

    /** The pieces as a stream; confined to one of the HTTP client's threads at a time. */
    private final class Pieces extends InputStream {
        private byte @Nullable [] piece;
        private int position;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int wanted) throws IOException {
            byte[] current = piece;
            if (current == null || (current != END && position == current.length)) {
                current = take();
                piece = current;
                position = 0;
            }
            if (current == END) {
                return -1;
            }
            int count = Math.min(wanted, current.length - position);
            System.arraycopy(current, position, target, offset, count);
            position += count;
            return count;
        }

        private byte[] take() throws IOException {
            try {
                while (true) {
                    byte[] next = pieces.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    if (next != null) {
                        return next;
                    }
                    if (abandoned) {
                        throw new IOException("the request was broken off");
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for the request's body", e);
            }
        }
    }
}
