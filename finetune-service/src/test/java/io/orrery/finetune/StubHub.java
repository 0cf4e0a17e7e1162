package io.orrery.finetune;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A hub in memory, as far as a fine-tuning service asks it: info, tree, resolve, create, preupload, commit. Safe for many threads. */
public final class StubHub {
    private static final Pattern API =
            Pattern.compile("/api/models/([^/]+/[^/]+)/(revision|tree|preupload|commit)/(.+)");
    private static final Pattern RESOLVE = Pattern.compile("/([^/]+/[^/]+)/resolve/([^/]+)/(.+)");
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A repository: its head's files and how often it was committed to. */
    public record Repo(String commit, Map<String, byte[]> files, boolean isPrivate, int commits) {}

    private final Map<String, Repo> repos = new ConcurrentHashMap<>();
    private final HttpServer server;
    private volatile boolean down;

    public StubHub() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers every question with 503 while down. */
    public void down(boolean down) {
        this.down = down;
    }

    public synchronized void put(String repo, Map<String, byte[]> files) {
        Repo old = repos.getOrDefault(repo, new Repo("", Map.of(), false, 0));
        Map<String, byte[]> all = new TreeMap<>(old.files());
        all.putAll(files);
        repos.put(
                repo,
                new Repo(
                        hash("SHA-1", (repo + old.commits()).getBytes(StandardCharsets.UTF_8)),
                        all,
                        old.isPrivate(),
                        old.commits() + 1));
    }

    public Repo repo(String id) {
        Repo repo = repos.get(id);
        if (repo == null) {
            throw new AssertionError("there is no repository " + id + ", only " + repos.keySet());
        }
        return repo;
    }

    public boolean has(String id) {
        return repos.containsKey(id);
    }

    public String text(String repo, String path) {
        byte[] bytes = repo(repo).files().get(path);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            Matcher api = API.matcher(path);
            Matcher resolve = RESOLVE.matcher(path);
            if (down) {
                answer(exchange, 503, Map.of("error", "the registry is down"));
            } else if (path.equals("/api/repos/create")) {
                create(exchange, JSON.readTree(body));
            } else if (api.matches() && repos.containsKey(api.group(1))) {
                api(exchange, api.group(1), api.group(2), body);
            } else if (resolve.matches() && repos.containsKey(resolve.group(1))) {
                file(exchange, repos.get(resolve.group(1)), resolve.group(3));
            } else {
                exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
                answer(exchange, 404, Map.of("error", "Repository not found"));
            }
        }
    }

    private synchronized void create(HttpExchange exchange, JsonNode request) throws IOException {
        String id = request.path("organization").asString("lab") + "/"
                + request.path("name").asString();
        boolean isNew = !repos.containsKey(id);
        if (isNew) {
            repos.put(
                    id,
                    new Repo("0".repeat(40), Map.of(), request.path("private").asBoolean(false), 0));
        }
        answer(exchange, isNew ? 200 : 409, Map.of("url", url() + "/" + id, "name", id, "private", false));
    }

    private void api(HttpExchange exchange, String id, String what, byte[] body) throws IOException {
        Repo repo = repos.get(id);
        switch (what) {
            case "revision" ->
                answer(
                        exchange,
                        200,
                        Map.of(
                                "_id",
                                "1",
                                "id",
                                id,
                                "sha",
                                repo.commit(),
                                "private",
                                repo.isPrivate(),
                                "tags",
                                List.of(),
                                "disabled",
                                false,
                                "downloads",
                                0,
                                "likes",
                                0));
            case "tree" ->
                answer(
                        exchange,
                        200,
                        repo.files().entrySet().stream()
                                .map(file -> Map.of(
                                        "type",
                                        "file",
                                        "oid",
                                        gitOid(file.getValue()),
                                        "size",
                                        file.getValue().length,
                                        "path",
                                        file.getKey()))
                                .toList());
            case "preupload" -> answer(exchange, 200, Map.of("files", preupload(repo, JSON.readTree(body))));
            default -> commit(exchange, id, new String(body, StandardCharsets.UTF_8));
        }
    }

    private static List<Map<String, Object>> preupload(Repo repo, JsonNode request) {
        List<Map<String, Object>> files = new ArrayList<>();
        for (JsonNode file : request.get("files")) {
            String path = file.get("path").asString();
            byte[] there = repo.files().get(path);
            files.add(Map.of(
                    "path",
                    path,
                    "uploadMode",
                    "regular",
                    "shouldIgnore",
                    false,
                    "oid",
                    there == null ? "" : gitOid(there)));
        }
        return files;
    }

    private void commit(HttpExchange exchange, String id, String lines) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        lines.lines()
                .map(JSON::readTree)
                .filter(line -> line.get("key").asString().equals("file"))
                .forEach(line -> files.put(
                        line.at("/value/path").asString(),
                        Base64.getDecoder().decode(line.at("/value/content").asString())));
        put(id, files);
        String commit = repo(id).commit();
        answer(exchange, 200, Map.of("success", true, "commitOid", commit, "commitUrl", url(), "hookOutput", ""));
    }

    private static void file(HttpExchange exchange, Repo repo, String path) throws IOException {
        byte[] content = repo.files().get(path);
        if (content == null) {
            answer(exchange, 404, Map.of("error", "no " + path));
            return;
        }
        exchange.getResponseHeaders().set("ETag", "\"" + gitOid(content) + "\"");
        exchange.getResponseHeaders().set("X-Repo-Commit", repo.commit());
        exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String gitOid(byte[] content) {
        byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[header.length + content.length];
        System.arraycopy(header, 0, all, 0, header.length);
        System.arraycopy(content, 0, all, header.length, content.length);
        return hash("SHA-1", all);
    }

    private static String hash(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
