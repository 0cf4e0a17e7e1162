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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A hub with one revision of one model, which can be told to break off, to lie and to hang. */
final class FakeHub implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    /** What happens to the next download of a file. */
    enum Fault {
        BREAK_OFF,
        WRONG_BYTES,
        TOO_LONG,
        HANG,
        UNAVAILABLE,
        TOO_MANY_REQUESTS,
        REDIRECT,
        IGNORE_RANGE
    }

    /** A request for a file. */
    record Download(String file, String range, String authorization) {}

    static final String COMMIT = "c".repeat(40);

    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final List<Download> downloads = Collections.synchronizedList(new ArrayList<>());
    final Map<String, byte[]> files = new TreeMap<>();
    String extraTree = "";
    String retryAfter = "1";
    URI elsewhere = URI.create("http://nowhere.invalid");

    private final Map<String, List<Fault>> faults = new ConcurrentHashMap<>();
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

    /** What befalls a file's next downloads, or only that of its bytes from a position on: {@code w.bin@4096}. */
    void plan(String file, Fault... planned) {
        faults.put(file, new CopyOnWriteArrayList<>(planned));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path);
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
                ? ",\"lfs\":{\"oid\":\"" + sha256(content) + "\",\"size\":" + content.length + ",\"pointerSize\":130}"
                : "";
    }

    static String sha256(byte[] content) {
        return Hashes.hex(update(Hashes.sha256(), content));
    }

    static String gitOid(byte[] content) {
        return Hashes.hex(update(Hashes.gitBlob(content.length), content));
    }

    private static MessageDigest update(MessageDigest digest, byte[] content) {
        digest.update(content);
        return digest;
    }

    private void download(HttpExchange exchange, String file) throws IOException {
        byte[] content = files.get(file);
        String range = String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
        downloads.add(new Download(
                file, range, String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
        Matcher asked = RANGE.matcher(range);
        boolean isRange = asked.matches();
        int start = isRange ? Integer.parseInt(asked.group(1)) : 0;
        int end = isRange && !asked.group(2).isEmpty() ? Integer.parseInt(asked.group(2)) + 1 : content.length;
        Fault fault = next(file + "@" + start, next(file, null));
        switch (fault) {
            case UNAVAILABLE -> send(exchange, 503, "{\"error\":\"busy\"}".getBytes(StandardCharsets.UTF_8));
            case TOO_MANY_REQUESTS -> {
                exchange.getResponseHeaders().set("Retry-After", retryAfter);
                send(exchange, 429, "{\"error\":\"slow down\"}".getBytes(StandardCharsets.UTF_8));
            }
            case REDIRECT -> {
                exchange.getResponseHeaders()
                        .set("Location", elsewhere + exchange.getRequestURI().getRawPath());
                exchange.sendResponseHeaders(302, -1);
            }
            case IGNORE_RANGE -> part(exchange, content, 200, fault);
            case null, default -> {
                if (isRange) {
                    exchange.getResponseHeaders()
                            .set("Content-Range", "bytes " + start + "-" + (end - 1) + "/" + content.length);
                }
                part(exchange, Arrays.copyOfRange(content, start, end), isRange ? 206 : 200, fault);
            }
        }
    }

    private Fault next(String key, Fault otherwise) {
        List<Fault> planned = faults.getOrDefault(key, List.of());
        return planned.isEmpty() ? otherwise : planned.removeFirst();
    }

    private static void part(HttpExchange exchange, byte[] part, int status, Fault fault) throws IOException {
        if (fault == Fault.WRONG_BYTES) {
            part[part.length / 2] ^= 1;
        }
        int more = fault == Fault.TOO_LONG ? 1 : 0;
        exchange.sendResponseHeaders(status, part.length == 0 ? -1 : part.length + more);
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
        out.write(new byte[more]);
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
