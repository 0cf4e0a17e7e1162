package io.orrery.cli.platform;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A platform that answers what it was told to, and takes one key. */
public final class StubPlatform implements AutoCloseable {
    public static final String KEY = "hf_key";

    /** A request that came. @param authorization its header, or "none" */
    public record Request(String method, String path, String body, String authorization) {}

    public record Answer(int status, byte[] body, Map<String, String> headers) {
        public Answer(int status, byte[] body) {
            this(status, body, Map.of());
        }

        public Answer(int status, String body) {
            this(status, body.getBytes(StandardCharsets.UTF_8));
        }

        /** A hub's refusal. */
        public static Answer refusal(int status, String code, String message) {
            return new Answer(
                    status,
                    ("{\"error\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8),
                    Map.of("X-Error-Code", code));
        }
    }

    /** Whether it answers to anybody. */
    public boolean isOpen;

    public final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

    private final Map<String, Function<Request, Answer>> answers = Collections.synchronizedMap(new LinkedHashMap<>());
    private final HttpServer server;

    public StubPlatform() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        on("GET /api/whoami-v2", "{\"type\":\"user\",\"id\":\"1\",\"name\":\"ada\",\"fullname\":\"Ada\",\"orgs\":[]}");
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @param route method and path without its query */
    public void on(String route, String body) {
        on(route, _ -> new Answer(200, body));
    }

    public void on(String route, Function<Request, Answer> answer) {
        answers.put(route, answer);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String authorization = exchange.getRequestHeaders().containsKey("Authorization")
                    ? exchange.getRequestHeaders().getFirst("Authorization")
                    : "none";
            Request request = new Request(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), body, authorization);
            requests.add(request);
            Answer answer = isOpen || ("Bearer " + KEY).equals(authorization)
                    ? answers.getOrDefault(
                                    request.method() + " "
                                            + exchange.getRequestURI().getPath(),
                                    _ -> new Answer(
                                            404,
                                            "{\"error\":{\"message\":\"there is nothing at " + request.path() + "\"}}"))
                            .apply(request)
                    : new Answer(401, "{\"error\":{\"message\":\"this key is not known\"}}");
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
