package io.orrery.gateway.stub;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A service at the grain of its socket: it can stall, die in the middle, and see when its peer hangs up. */
public final class RawService implements AutoCloseable {
    private final ServerSocket server;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Behaviour behaviour =
            call -> call.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");

    /** What is done with one request; the socket is closed when it returns. */
    public interface Behaviour {
        void handle(RawCall call) throws IOException, InterruptedException;
    }

    public RawService() {
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("raw-service").start(this::accept);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    public RawService behaving(Behaviour behaviour) {
        this.behaviour = behaviour;
        return this;
    }

    /** How many requests came since the last time this was asked. */
    public int calls() {
        return calls.getAndSet(0);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            RawCall call = RawCall.read(socket);
            calls.incrementAndGet();
            behaviour.handle(call);
        } catch (IOException e) {
            // the peer hung up, which is what some tests are about
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One request, its head read. */
    public static final class RawCall {
        private final Socket socket;
        private final InputStream in;
        private final String head;

        private RawCall(Socket socket, InputStream in, String head) {
            this.socket = socket;
            this.in = in;
            this.head = head;
        }

        static RawCall read(Socket socket) throws IOException {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int c = in.read();
                if (c < 0) {
                    throw new IOException("no request came");
                }
                head.append((char) c);
            }
            return new RawCall(socket, in, head.toString());
        }

        public String head() {
            return head;
        }

        public void readBody() throws IOException {
            String lower = head.toLowerCase(Locale.ROOT);
            int at = lower.indexOf("content-length:");
            if (at >= 0) {
                int length = Integer.parseInt(
                        lower.substring(at + 15, lower.indexOf('\r', at)).strip());
                in.readNBytes(length);
            }
        }

        public int readSome(byte[] buffer) throws IOException {
            return in.read(buffer);
        }

        public void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }

        public void chunk(String text) throws IOException {
            write(Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n");
        }

        public void beginEvents() throws IOException {
            write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        public void endChunks() throws IOException {
            write("0\r\n\r\n");
        }

        /** Kills the connection without a proper end. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Completes with the nanosecond at which the peer hung up, or fails where it does not within the patience. */
        public void awaitHangUp(Duration patience, CompletableFuture<Long> seen) throws IOException {
            socket.setSoTimeout((int) patience.toMillis());
            try {
                while (in.read() >= 0) {
                    // pieces of a body may come before
                }
                seen.complete(System.nanoTime());
            } catch (SocketTimeoutException e) {
                seen.completeExceptionally(e);
            } catch (SocketException e) {
                seen.complete(System.nanoTime());
            }
        }
    }
}
