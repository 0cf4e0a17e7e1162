package io.orrery.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A hub that takes commits: names that end in .bin are large, those that end in .tmp ignored. It can be told to fail, and to take parts. */
final class FakeReceiver implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A commit that came: its title, its query, and its files, those outside git by their sha256. */
    record Commit(String branch, String query, String title, Map<String, String> files, List<String> deleted) {}

    final List<Commit> commits = Collections.synchronizedList(new ArrayList<>());
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final List<JsonNode> preuploads = Collections.synchronizedList(new ArrayList<>());
    final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    final Map<String, String> present = new TreeMap<>();
    /** Statuses of the next puts, before they are taken. */
    final ConcurrentLinkedQueue<Integer> refusals = new ConcurrentLinkedQueue<>();

    final ConcurrentLinkedQueue<Integer> commitRefusals = new ConcurrentLinkedQueue<>();
    int chunk;
    boolean lacksPart;

    private final Map<String, Map<Integer, byte[]>> parts = new ConcurrentHashMap<>();
    private final HttpServer server;

    FakeReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    long puts() {
        return requests.stream().filter(request -> request.startsWith("PUT")).count();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        byte[] body = exchange.getRequestBody().readAllBytes();
        String token = exchange.getRequestHeaders().getFirst("Authorization") == null ? "" : " with a token";
        requests.add(exchange.getRequestMethod() + " " + path + token);
        try (exchange) {
            if (path.contains("/preupload/")) {
                send(exchange, 200, preupload(JSON.readTree(body)));
            } else if (path.endsWith("/objects/batch")) {
                send(exchange, 200, batch(JSON.readTree(body)));
            } else if (exchange.getRequestMethod().equals("PUT")) {
                put(exchange, path, query, body);
            } else if (path.startsWith("/join/")) {
                join(path.substring(6), JSON.readTree(body));
                send(exchange, 200, "{}");
            } else if (path.endsWith("/verify")) {
                send(exchange, 200, "{}");
            } else if (path.contains("/commit/")) {
                commit(exchange, path, query, body);
            } else {
                send(exchange, 404, "{\"error\":\"" + path + " is not expected\"}");
            }
        }
    }

    private String preupload(JsonNode request) {
        preuploads.add(request);
        ArrayNode files = JSON.createArrayNode();
        for (JsonNode file : request.path("files")) {
            String path = file.path("path").asString();
            ObjectNode answer = files.addObject()
                    .put("path", path)
                    .put("uploadMode", path.endsWith(".bin") ? "lfs" : "regular")
                    .put("shouldIgnore", path.endsWith(".tmp"));
            if (present.containsKey(path)) {
                answer.put("oid", present.get(path));
            }
        }
        return JSON.createObjectNode().set("files", files).toString();
    }

    private String batch(JsonNode request) {
        ArrayNode items = JSON.createArrayNode();
        for (JsonNode object : request.path("objects")) {
            String oid = object.path("oid").asString();
            ObjectNode item = items.addObject()
                    .put("oid", oid)
                    .put("size", object.path("size").asLong());
            if (!objects.containsKey(oid)) {
                ObjectNode actions = item.putObject("actions");
                upload(actions.putObject("upload"), oid, object.path("size").asInt());
                actions.putObject("verify").put("href", endpoint() + "/verify");
            }
        }
        return JSON.createObjectNode()
                .put("transfer", "basic")
                .set("objects", items)
                .toString();
    }

    private void upload(ObjectNode upload, String oid, int size) {
        if (chunk == 0) {
            upload.put("href", endpoint() + "/put/" + oid);
            return;
        }
        ObjectNode header = upload.put("href", endpoint() + "/join/" + oid).putObject("header");
        header.put("chunk_size", Integer.toString(chunk));
        int count = (size + chunk - 1) / chunk - (lacksPart ? 1 : 0);
        for (int part = count; part >= 1; part--) {
            header.put(String.format("%05d", part), endpoint() + "/put/" + oid + "?part=" + part);
        }
    }

    private void put(HttpExchange exchange, String path, String query, byte[] body) throws IOException {
        Integer refusal = refusals.poll();
        if (refusal != null) {
            send(exchange, refusal, "{\"error\":\"not now\"}");
            return;
        }
        String oid = path.substring(5);
        if (query.startsWith("part=")) {
            int part = Integer.parseInt(query.substring(5));
            parts.computeIfAbsent(oid, _ -> new ConcurrentHashMap<>()).put(part, body);
            exchange.getResponseHeaders().set("ETag", "\"" + FakeHub.sha256(body) + "\"");
        } else {
            objects.put(oid, body);
        }
        send(exchange, 200, "");
    }

    private void join(String oid, JsonNode request) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (JsonNode part : request.path("parts")) {
            byte[] bytes = parts.get(oid).get(part.path("partNumber").asInt());
            if (!part.path("etag").asString().equals("\"" + FakeHub.sha256(bytes) + "\"")) {
                throw new IOException("a part has another mark");
            }
            whole.write(bytes);
        }
        objects.put(oid, whole.toByteArray());
    }

    private void commit(HttpExchange exchange, String path, String query, byte[] body) throws IOException {
        Integer refusal = commitRefusals.poll();
        if (refusal != null) {
            send(exchange, refusal, "{\"error\":\"not now\"}");
            return;
        }
        String title = "";
        Map<String, String> files = new TreeMap<>();
        List<String> deleted = new ArrayList<>();
        for (String line : new String(body, StandardCharsets.UTF_8).split("\n")) {
            JsonNode value = JSON.readTree(line).path("value");
            String file = value.path("path").asString("");
            switch (JSON.readTree(line).path("key").asString()) {
                case "header" -> title = value.path("summary").asString();
                case "file" ->
                    files.put(
                            file,
                            new String(
                                    Base64.getDecoder()
                                            .decode(value.path("content").asString()),
                                    StandardCharsets.UTF_8));
                case "lfsFile" -> files.put(file, value.path("oid").asString());
                default -> deleted.add(file);
            }
        }
        String branch = path.substring(path.indexOf("/commit/") + 8);
        commits.add(new Commit(branch, query, title, files, deleted));
        String proposal =
                query.contains("create_pr") ? ",\"pullRequestUrl\":\"" + endpoint() + "/lab/m/discussions/7\"" : "";
        send(
                exchange,
                200,
                "{\"success\":true,\"commitOid\":\"" + "c".repeat(40) + "\",\"commitUrl\":\"u\",\"hookOutput\":\"\""
                        + proposal + "}");
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
