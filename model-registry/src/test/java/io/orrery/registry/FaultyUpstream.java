package io.orrery.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.orrery.api.identity.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/**
 * Stands before a registry as a hub that can be told to fail in the ways that hubs fail in, and notes what it is asked. It knows one token,
 * and turns it into the registry's.
 */
final class FaultyUpstream implements AutoCloseable {
    static final String TOKEN = "hf_theMirrorsOwnToken";

    /** What happens to the next requests whose path holds a text. */
    sealed interface Fault {
        /** The connection closes after so many bytes of the body. */
        record Cut(long after) implements Fault {}

        /** A byte of the body is another one, and the last one waits. */
        record Corrupt(long at, CountDownLatch until) implements Fault {}

        /** Something else is answered. */
        record Status(int status, String body, Map<String, String> headers) implements Fault {}

        /** After so many bytes of the body the rest waits. */
        record Hold(long after, CountDownLatch until) implements Fault {}

        /** The head waits. */
        record HoldHead(CountDownLatch until) implements Fault {}

        /** The way leads to another server, which is to see no token. */
        record Elsewhere() implements Fault {}

        /** Compressed, asked for or not. */
        record Gzip() implements Fault {}
    }

    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final List<String> strangers = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, List<Fault>> faults = new ConcurrentHashMap<>();
    private final Map<String, String> redirects = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(threads)
            .build();
    private final URI registry;
    private HttpServer server;
    private final int port;

    FaultyUpstream(URI registry) throws IOException {
        this.registry = registry;
        this.server = listen(0);
        this.port = server.getAddress().getPort();
    }

    private HttpServer listen(int port) throws IOException {
        HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        listening.setExecutor(threads);
        listening.createContext("/", this::answer);
        listening.start();
        return listening;
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** Lets the next requests for a path that holds the text fail, one fault each. */
    void fail(String path, Fault... next) {
        List<Fault> queue = faults.computeIfAbsent(path, key -> Collections.synchronizedList(new ArrayList<>()));
        queue.addAll(List.of(next));
    }

    /** Lets the hub lead from one repository's id to another's. */
    void rename(String from, String to) {
        redirects.put(from, to);
    }

    void down() {
        server.stop(0);
    }

    void up() throws IOException {
        server = listen(port);
    }

    void forget() {
        requests.clear();
        faults.clear();
        redirects.clear();
    }

    long count(String path) {
        synchronized (requests) {
            return requests.stream().filter(request -> request.contains(path)).count();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(exchange.getRequestMethod() + " " + uri + (range == null ? "" : " " + range));
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        boolean isElsewhere =
                String.valueOf(exchange.getRequestHeaders().getFirst("Host")).startsWith("localhost");
        if (!authorization.equals(isElsewhere ? "null" : "Bearer " + TOKEN)) {
            strangers.add(authorization);
        }
        try (exchange) {
            for (Map.Entry<String, String> redirect : redirects.entrySet()) {
                if (uri.getRawPath().contains("/" + redirect.getKey() + "/")) {
                    exchange.getResponseHeaders()
                            .set("Location", uri.toString().replace(redirect.getKey(), redirect.getValue()));
                    exchange.sendResponseHeaders(307, -1);
                    return;
                }
            }
            Fault fault = next(uri.toString());
            if (fault instanceof Fault.Elsewhere) {
                exchange.getResponseHeaders().set("Location", "http://localhost:" + port + uri);
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            if (fault instanceof Fault.Status told) {
                told.headers().forEach(exchange.getResponseHeaders()::set);
                byte[] body = told.body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(told.status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
                return;
            }
            pass(exchange, fault);
        }
    }

    private Fault next(String path) {
        for (Map.Entry<String, List<Fault>> waiting : faults.entrySet()) {
            synchronized (waiting.getValue()) {
                if (path.contains(waiting.getKey()) && !waiting.getValue().isEmpty()) {
                    return waiting.getValue().removeFirst();
                }
            }
        }
        return new Fault.Cut(Long.MAX_VALUE);
    }

    private void pass(HttpExchange exchange, Fault fault) throws IOException {
        if (fault instanceof Fault.HoldHead held) {
            await(held.until());
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(registry + exchange.getRequestURI().toString()))
                .header("Authorization", "Bearer " + Tokens.of("mirror", "mirrors", Scope.MODELS_READ));
        for (String name : List.of("Range", "If-Range")) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        HttpResponse<InputStream> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        response.headers().map().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("content-length")
                    && !name.equalsIgnoreCase("transfer-encoding")
                    && !name.equalsIgnoreCase("connection")
                    && !name.equalsIgnoreCase("date")) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        try (InputStream body = response.body()) {
            copy(exchange, response, body, fault);
        }
    }

    private void copy(HttpExchange exchange, HttpResponse<InputStream> response, InputStream body, Fault fault)
            throws IOException {
        if (fault instanceof Fault.Gzip) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream out = new GZIPOutputStream(packed)) {
                body.transferTo(out);
            }
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(response.statusCode(), packed.size());
            exchange.getResponseBody().write(packed.toByteArray());
            return;
        }
        long length = response.headers().firstValueAsLong("Content-Length").orElse(0);
        exchange.sendResponseHeaders(response.statusCode(), length == 0 ? -1 : length);
        byte[] buffer = new byte[8192];
        long at = 0;
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            if (fault instanceof Fault.Cut cut && at + n > cut.after()) {
                exchange.getResponseBody().write(buffer, 0, (int) (cut.after() - at));
                exchange.getResponseBody().flush();
                return;
            }
            if (fault instanceof Fault.Corrupt corrupt && at <= corrupt.at() && corrupt.at() < at + n) {
                buffer[(int) (corrupt.at() - at)] ^= 1;
            }
            if (fault instanceof Fault.Corrupt corrupt && at + n == length) {
                await(corrupt.until());
            }
            if (fault instanceof Fault.Hold hold && at <= hold.after() && hold.after() < at + n) {
                exchange.getResponseBody().write(buffer, 0, (int) (hold.after() - at));
                exchange.getResponseBody().flush();
                await(hold.until());
                exchange.getResponseBody().write(buffer, (int) (hold.after() - at), (int) (at + n - hold.after()));
            } else {
                exchange.getResponseBody().write(buffer, 0, n);
            }
            at += n;
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IOException("nobody let the hub go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        http.shutdownNow();
    }
}
