package io.orrery.inference;

import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.orrery.api.hub.RepoInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** A registry that has folders of this machine as repositories: info, tree, files and the list, as HubClient asks for them. */
public final class StubHub {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A repository and what its main branch names; every commit stays. */
    private static final class Repository {
        final Map<String, Path> commits = new ConcurrentHashMap<>();
        final List<String> tags = new ArrayList<>();
        volatile String main = "";
        volatile String project = "";
        volatile Duration delay = Duration.ZERO;
    }

    private final Map<String, Repository> repositories = Collections.synchronizedMap(new TreeMap<>());
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer server;
    private volatile boolean away;

    public StubHub() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Commits a folder to main. @return the commit */
    public String commit(String name, Path folder, String... tags) {
        Repository repository = repositories.computeIfAbsent(name, _ -> new Repository());
        String commit = sha1((name + folder).getBytes(StandardCharsets.UTF_8));
        repository.commits.put(commit, folder);
        repository.main = commit;
        repository.tags.clear();
        repository.tags.addAll(List.of(tags));
        return commit;
    }

    /** Makes a repository private to a project. */
    public void hide(String name, String project) {
        repositories.get(name).project = project;
    }

    /** Lets whoever fetches a repository wait. */
    public void delay(String name, Duration delay) {
        repositories.get(name).delay = delay;
    }

    public void away(boolean isAway) {
        away = isAway;
    }

    public long requestsFor(String part) {
        return requests.stream().filter(request -> request.contains(part)).count();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(path);
        try (exchange) {
            if (away) {
                send(exchange, 503, Map.of("error", "away"));
            } else if (path.equals("/api/models")) {
                send(
                        exchange,
                        200,
                        repositories.entrySet().stream()
                                .filter(entry -> sees(exchange, entry.getValue()))
                                .map(entry -> info(entry.getKey(), entry.getValue(), null))
                                .toList());
            } else {
                repository(exchange, path);
            }
        }
    }

    private void repository(HttpExchange exchange, String path) throws IOException {
        String rest = path.replaceFirst("^/api/models", "").substring(1);
        String[] parts = rest.split("/", 5);
        Repository repository = repositories.get(parts[0] + "/" + parts[1]);
        if (repository == null || !sees(exchange, repository)) {
            exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
            send(exchange, 404, Map.of("error", "Repository not found"));
            return;
        }
        String commit = parts[3].equals("main") ? repository.main : parts[3];
        Path folder = repository.commits.get(commit);
        if (folder == null) {
            exchange.getResponseHeaders().set("X-Error-Code", "RevisionNotFound");
            send(exchange, 404, Map.of("error", "Invalid rev id: " + parts[3]));
            return;
        }
        switch (parts[2]) {
            case "revision" -> send(exchange, 200, info(parts[0] + "/" + parts[1], repository, commit));
            case "tree" -> {
                pause(repository.delay);
                send(exchange, 200, tree(folder));
            }
            case "resolve" -> file(exchange, folder.resolve(parts[4]));
            default -> send(exchange, 404, Map.of("error", path + " is not expected"));
        }
    }

    private static void pause(Duration delay) throws IOException {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Services see everything, callers what is public or their project's. */
    private static boolean sees(HttpExchange exchange, Repository repository) {
        try {
            var claims = SignedJWT.parse(exchange.getRequestHeaders()
                            .getFirst("Authorization")
                            .substring(7))
                    .getJWTClaimsSet();
            return repository.project.isEmpty()
                    || !claims.getIssuer().equals("gateway")
                    || repository.project.equals(claims.getStringClaim("project"));
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RepoInfo info(String name, Repository repository, String sha) {
        return new RepoInfo(
                "0",
                name,
                name,
                name.substring(0, name.indexOf('/')),
                sha,
                Instant.EPOCH,
                Instant.EPOCH,
                false,
                false,
                false,
                0,
                0,
                repository.tags,
                repository.tags.contains("text-generation") ? "text-generation" : null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static List<Map<String, Object>> tree(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Map<String, Object>> entries = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] content = Files.readAllBytes(file);
                byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
                byte[] blob = new byte[header.length + content.length];
                System.arraycopy(header, 0, blob, 0, header.length);
                System.arraycopy(content, 0, blob, header.length, content.length);
                entries.add(Map.of(
                        "type",
                        "file",
                        "path",
                        file.getFileName().toString(),
                        "oid",
                        sha1(blob),
                        "size",
                        content.length));
            }
            return entries;
        }
    }

    private static void file(HttpExchange exchange, Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
    }

    private static void send(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
