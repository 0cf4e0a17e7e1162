package io.orrery.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** A hub with one revision of one model, which can be told to break off, to lie and to hang. */
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "c".repeat(40);

    /** What happens to the next download of a file. */
    enum Fault {
        BREAK_OFF,
        WRONG_BYTES,
        HANG,
        UNAVAILABLE,
        IGNORE_RANGE
    }

    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final Map<String, byte[]> files = new TreeMap<>();
    final Map<String, List<Fault>> faults = new ConcurrentHashMap<>();
    String extraTree = "";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    FakeHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    long downloads() {
        return requests.stream()
                .filter(request -> request.contains("/resolve/"))
                .count();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path + " "
                + exchange.getRequestHeaders().getOrDefault("Range", List.of()));
        try (exchange) {
            if (path.contains("/revision/")) {
                send(
                        exchange,
                        200,
                        ("{\"_id\":\"x\",\"id\":\"lab/m\",\"sha\":\"" + COMMIT + "\"}")
                                .getBytes(StandardCharsets.UTF_8));
            } else if (path.contains("/tree/")) {
                send(exchange, 200, tree().getBytes(StandardCharsets.UTF_8));
            } else if (path.contains("/resolve/")) {
                download(exchange, path.substring(path.indexOf(COMMIT) + COMMIT.length() + 1));
            } else {
                exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
                send(exchange, 404, "{\"error\":\"Repository not found\"}".getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private String tree() {
        String entries = files.entrySet().stream()
                .map(file ->
                        "{\"type\":\"file\",\"path\":\"" + file.getKey() + "\",\"oid\":\"" + gitOid(file.getValue())
                                + "\",\"size\":" + file.getValue().length + lfs(file.getKey(), file.getValue()) + "}")
                .collect(Collectors.joining(","));
        return "[" + entries + extraTree + "]";
    }

    private static String lfs(String path, byte[] content) {
        return path.endsWith(".bin")
                ? ",\"lfs\":{\"oid\":\"" + Hashes.hex(update(Hashes.sha256(), content)) + "\",\"size\":"
                        + content.length + ",\"pointerSize\":130}"
                : "";
    }

    private static String gitOid(byte[] content) {
        return Hashes.hex(update(Hashes.gitBlob(content.length), content));
    }

    private static MessageDigest update(MessageDigest digest, byte[] content) {
        digest.update(content);
        return digest;
    }

    private void download(HttpExchange exchange, String file) throws IOException {
        byte[] content = files.get(file);
        List<Fault> planned = faults.getOrDefault(file, List.of());
        Fault fault = planned.isEmpty() ? null : planned.removeFirst();
        if (fault == Fault.UNAVAILABLE) {
            send(exchange, 503, "{\"error\":\"busy\"}".getBytes(StandardCharsets.UTF_8));
            return;
        }
        int start = start(exchange, fault);
        byte[] part = Arrays.copyOfRange(content, start, content.length);
        if (fault == Fault.WRONG_BYTES) {
            part[part.length / 2] ^= 1;
        }
        exchange.sendResponseHeaders(start > 0 ? 206 : 200, part.length == 0 ? -1 : part.length);
        OutputStream out = exchange.getResponseBody();
        if (fault == Fault.BREAK_OFF || fault == Fault.HANG) {
            out.write(part, 0, part.length / 2);
            out.flush();
            if (fault == Fault.HANG) {
                hang();
            }
            throw new IOException("as told");
        }
        out.write(part);
    }

    private static int start(HttpExchange exchange, Fault fault) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null || fault == Fault.IGNORE_RANGE
                ? 0
                : Integer.parseInt(range.replace("bytes=", "").replace("-", ""));
    }

    private static void hang() throws IOException {
        try {
            Thread.sleep(5000);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
