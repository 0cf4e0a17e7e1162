package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.registry.blob.Sha256;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A registry in a process of its own that is killed (SIGKILL) at any moment while it receives uploads and commits, and started again, 20
 * times. Every commit that it acknowledged is whole, every commit that can be seen is whole, and a collection leaves no file that nobody
 * knows. Not one of every build's tests: the profile {@code crash} runs it.
 */
class KilledRegistry {
    private static final int ROUNDS = Integer.getInteger("orrery.crash.rounds", 20);
    private static final int WRITERS = 4;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A commit and what it put: paths and hashes of the contents. */
    private record Acknowledged(String repo, String commit, Map<String, Sha256> files) {}

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ConcurrentLinkedQueue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
    private int port;
    private @Nullable Process registry;

    @TempDir
    Path folder;

    @Test
    void whatWasAcknowledgedIsWholeAndNothingElseIsLeft() throws Exception {
        EmbeddedKafkaKraftBroker kafka = new EmbeddedKafkaKraftBroker(1, 1);
        kafka.afterPropertiesSet();
        try (AutoCloseable _ = this::stop;
                EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            Random random = new Random(20);
            for (int round = 0; round < ROUNDS; round++) {
                start(postgres, kafka);
                kill(random, round);
            }
            start(postgres, kafka);
            checkAcknowledged();
            int seen = checkVisible();
            assertThat(ask("POST", "/api/admin/collect?grace=0s", "").statusCode())
                    .isEqualTo(200);
            checkAcknowledged();
            checkOrphans(postgres);
            System.out.println("killed " + ROUNDS + " times; " + acknowledged.size() + " commits acknowledged, " + seen
                    + " visible, all whole; refused: " + Set.copyOf(refused));
        } finally {
            kafka.destroy();
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
        assertThat(refused).isEmpty();
    }

    private void start(EmbeddedPostgres postgres, EmbeddedKafkaKraftBroker kafka) throws Exception {
        port = freePort();
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RegistryApplication.class.getName(),
                "--server.port=" + port,
                "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres") + "&currentSchema=registry",
                "--spring.datasource.username=postgres",
                "--spring.datasource.password=postgres",
                "--spring.kafka.bootstrap-servers=" + kafka.getBrokersAsString(),
                "--orrery.identity.secret=" + Tokens.SECRET,
                "--orrery.registry.scrub.rate=0",
                "--orrery.registry.blobs=" + folder.resolve("blobs"));
        registry = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        Instant deadline = Instant.now().plusSeconds(180);
        while (!isUp()) {
            assertThat(registry.isAlive())
                    .as(() -> "the registry ended: " + read(folder.resolve("registry.log")))
                    .isTrue();
            assertThat(Instant.now()).isBefore(deadline);
            Thread.sleep(100);
        }
    }

    private void stop() throws InterruptedException {
        if (registry != null) {
            registry.destroyForcibly().waitFor();
        }
    }

    private boolean isUp() throws InterruptedException {
        try {
            return ask("GET", "/actuator/health/readiness", "").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private void kill(Random random, int round) throws InterruptedException {
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.execute(() -> write(writer, new Random(1000L * round + writer)));
            }
            Thread.sleep(500 + random.nextInt(3000));
            stop();
            writers.shutdown();
            assertThat(writers.awaitTermination(150, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Until the registry is gone. */
    private void write(int writer, Random random) {
        try {
            while (true) {
                String repo = "crash/r" + random.nextInt(2);
                ask("POST", "/api/repos/create", "{\"name\":\"" + repo + "\",\"lfsmultipartthresh\":1000000}");
                commit(repo, writer, random);
            }
        } catch (IOException e) {
            return; // it was killed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void commit(String repo, int writer, Random random) throws IOException, InterruptedException {
        Map<String, Sha256> files = new LinkedHashMap<>();
        StringBuilder lines =
                new StringBuilder("{\"key\":\"header\",\"value\":{\"summary\":\"c" + random.nextInt() + "\"}}\n");
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            String path = "w" + writer + "/f" + random.nextInt(5);
            boolean isLarge = random.nextBoolean();
            byte[] content = new byte[isLarge ? 20_000 + random.nextInt(6_000_000) : random.nextInt(60_000)];
            random.nextBytes(content);
            Sha256 sha256 = Sha256.of(content);
            if (isLarge) {
                upload(repo, content, sha256);
                lines.append(
                        "{\"key\":\"lfsFile\",\"value\":{\"path\":\"" + path + ".bin\",\"algo\":\"sha256\",\"oid\":\""
                                + sha256.hex() + "\",\"size\":" + content.length + "}}\n");
            } else {
                lines.append("{\"key\":\"file\",\"value\":{\"path\":\"" + path
                        + ".txt\",\"encoding\":\"base64\",\"content\":\""
                        + Base64.getEncoder().encodeToString(content) + "\"}}\n");
            }
            files.put(path + (isLarge ? ".bin" : ".txt"), sha256);
        }
        HttpResponse<String> answer = ask("POST", "/api/models/" + repo + "/commit/main", lines.toString());
        if (answer.statusCode() == 200) {
            acknowledged.add(new Acknowledged(
                    repo, JSON.readTree(answer.body()).path("commitOid").asString(), files));
        } else {
            refused.add("commit: " + answer.statusCode() + " " + answer.body());
        }
    }

    private void upload(String repo, byte[] content, Sha256 sha256) throws IOException, InterruptedException {
        JsonNode batch = JSON.readTree(ask(
                        "POST",
                        "/" + repo + ".git/info/lfs/objects/batch",
                        "{\"operation\":\"upload\",\"transfers\":[\"basic\",\"multipart\"],\"objects\":[{\"oid\":\""
                                + sha256.hex() + "\",\"size\":" + content.length + "}]}")
                .body());
        JsonNode upload = batch.at("/objects/0/actions/upload");
        JsonNode header = upload.path("header");
        if (!header.has("chunk_size")) {
            put(upload.path("href").asString(), content, 0, content.length);
            return;
        }
        int chunk = Integer.parseInt(header.path("chunk_size").asString());
        List<String> parts = new ArrayList<>();
        for (int at = 0, part = 1; at < content.length; at += chunk, part++) {
            String etag = put(
                    header.path("%05d".formatted(part)).asString(), content, at, Math.min(chunk, content.length - at));
            parts.add("{\"partNumber\":" + part + ",\"etag\":" + JSON.writeValueAsString(etag) + "}");
        }
        HttpResponse<String> end =
                send(HttpRequest.newBuilder(URI.create(upload.path("href").asString()))
                        .POST(BodyPublishers.ofString(
                                "{\"oid\":\"" + sha256.hex() + "\",\"parts\":[" + String.join(",", parts) + "]}")));
        if (end.statusCode() != 200) {
            refused.add("parts: " + end.statusCode() + " " + end.body());
        }
    }

    private String put(String href, byte[] content, int from, int length) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(href)).PUT(BodyPublishers.ofByteArray(content, from, length)));
        if (answer.statusCode() != 200) {
            refused.add("put: " + answer.statusCode() + " " + answer.body());
        }
        return answer.headers().firstValue("ETag").orElse("");
    }

    private void checkAcknowledged() throws Exception {
        for (Acknowledged commit : acknowledged) {
            for (Map.Entry<String, Sha256> file : commit.files().entrySet()) {
                assertThat(hash(commit.repo(), commit.commit(), file.getKey()))
                        .as(commit + " " + file.getKey())
                        .isEqualTo(file.getValue());
            }
        }
    }

    /** Every commit of every history, acknowledged or not: all of its large files are what their names say. @return how many */
    private int checkVisible() throws Exception {
        int seen = 0;
        Set<String> known = new TreeSet<>();
        for (String repo : List.of("crash/r0", "crash/r1")) {
            JsonNode history = JSON.readTree(ask("GET", "/api/models/" + repo + "/commits/main?limit=1000", "")
                    .body());
            for (JsonNode commit : history) {
                String oid = commit.path("id").asString();
                JsonNode tree = JSON.readTree(ask("GET", "/api/models/" + repo + "/tree/" + oid + "?recursive=true", "")
                        .body());
                for (JsonNode file : tree) {
                    if (file.has("lfs") && known.add(file.at("/lfs/oid").asString())) {
                        assertThat(hash(repo, oid, file.path("path").asString()).hex())
                                .isEqualTo(file.at("/lfs/oid").asString());
                    }
                }
                seen++;
            }
        }
        return seen;
    }

    private Sha256 hash(String repo, String commit, String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(
                request("/" + repo + "/resolve/" + commit + "/" + path).GET().build(), BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).as(repo + " " + commit + " " + path).isEqualTo(200);
        return Sha256.of(answer.body());
    }

    /** Each file of the store has its row, each row that is not small its file, and nothing is left of what was on its way. */
    private void checkOrphans(EmbeddedPostgres postgres) throws Exception {
        Set<String> rows = new TreeSet<>();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select sha256 from registry.content c where not exists"
                        + " (select from registry.small_content s where s.sha256 = c.sha256)")) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        try (Stream<Path> all = Files.walk(folder.resolve("blobs"))) {
            Map<Boolean, List<Path>> files = all.filter(Files::isRegularFile)
                    .collect(Collectors.partitioningBy(
                            file -> file.startsWith(folder.resolve("blobs").resolve("sha256"))));
            Set<String> kept = files.get(true).stream()
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(kept).isEqualTo(rows);
            assertThat(files.get(false).stream().filter(file -> size(file) > 0)).isEmpty();
        }
    }

    private HttpResponse<String> ask(String method, String path, String body) throws IOException, InterruptedException {
        return send(request(path).method(method, BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header(
                        "Authorization",
                        "Bearer " + Tokens.of("alice", "lab", Scope.MODELS_READ, Scope.MODELS_WRITE, Scope.ADMIN));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(Duration.ofMinutes(2)).build(), BodyHandlers.ofString());
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
