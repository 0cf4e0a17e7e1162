package io.orrery.registry.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a server and cuts answers off: the next few of them, each after so many bytes. */
final class CuttingRelay implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int server;
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile int after;

    CuttingRelay(int server) throws IOException {
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    void cut(int times, int afterBytes) {
        after = afterBytes;
        cuts.set(times);
    }

    int cutsLeft() {
        return cuts.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
                Thread.ofVirtual().start(() -> pump(client, behind, false));
                Thread.ofVirtual().start(() -> pump(behind, client, true));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pump(Socket from, Socket to, boolean mayCut) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int sent = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (mayCut && sent + n > after && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    out.write(buffer, 0, Math.max(0, after - sent));
                    return;
                }
                out.write(buffer, 0, n);
                sent += n;
            }
        } catch (IOException e) {
            // one of both went away, and so does the other
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
