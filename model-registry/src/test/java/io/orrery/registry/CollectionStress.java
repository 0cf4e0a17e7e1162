package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.registry.blob.Sha256;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Uploads, commits, branches, and deletes branches and repositories from several threads while collections with hardly any grace run one
 * after the other. Few contents go round, so that what was let go is often wanted again at that moment. Not one of every build's tests: the
 * profile {@code crash} runs it.
 */
class CollectionStress extends RunningRegistry {
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("orrery.stress.seconds", 12));
    private static final int WRITERS = 5;
    private static final int CONTENTS = 60;
    private static final List<String> GRACES = List.of("0s", "0s", "30ms", "300ms", "2s");
    private static final String ADMIN = Tokens.of("root", "lab", Scope.ADMIN);

    /** What a writer is told who comes too late, or meets another: it may try again, and nothing is half done. */
    private static final Set<Integer> REFUSALS = Set.of(400, 404, 409, 412, 503);

    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, Queue<String>> commits = new ConcurrentHashMap<>();

    @Test
    void whatCanBeSeenIsWhole() throws Exception {
        Instant end = Instant.now().plus(TIME);
        List<Future<?>> threads = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(WRITERS + 1)) {
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                threads.add(pool.submit(() -> write(writer, end)));
            }
            threads.add(pool.submit(() -> collectUntil(end)));
            for (Future<?> thread : threads) {
                thread.get();
            }
        }
        System.out.println("Collection under stress: " + new TreeMap<>(counts));
        assertThat(failures).isEmpty();
        assertThat(count("commit 200")).isGreaterThan(WRITERS * 5);
        assertThat(count("collected contents")).isPositive();
        assertThat(wholeCommits()).isGreaterThan(WRITERS);
        collect("0s");
        assertThat(wholeCommits()).isGreaterThan(WRITERS);
        assertThat(files()).isEqualTo(rowsOfFiles());
    }

    private void write(int writer, Instant end) {
        Random random = new Random(writer);
        String own = "stress/own" + writer;
        call("POST", "/api/repos/create", "{\"name\":\"stress/all\"}");
        while (Instant.now().isBefore(end)) {
            call("POST", "/api/repos/create", "{\"name\":\"" + own + "\"}");
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    tell("branch", call("POST", "/api/models/" + own + "/branch/dev", "{}"));
                    commit(own, "dev", random);
                }
                case 3, 4 -> tell("unbranch", call("DELETE", "/api/models/" + own + "/branch/dev", ""));
                case 5 -> fromOldCommit(own, random);
                case 6 -> commit(random.nextInt(4) == 0 ? "stress/all" : own, "main", random);
                default -> tell("delete", call("DELETE", "/api/repos/delete", "{\"name\":\"" + own + "\"}"));
            }
        }
    }

    /** Some large files, which are uploaded before, and some that come inside the commit; and some deletions. */
    private void commit(String repo, String branch, Random random) {
        StringBuilder lines =
                new StringBuilder("{\"key\":\"header\",\"value\":{\"summary\":\"" + random.nextInt() + "\"}}\n");
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            String path = "d" + random.nextInt(3) + "/f" + random.nextInt(4);
            String content = content(random.nextInt(CONTENTS));
            if (random.nextBoolean() && upload(repo, content)) {
                lines.append(
                        "{\"key\":\"lfsFile\",\"value\":{\"path\":\"%s.bin\",\"algo\":\"sha256\",\"oid\":\"%s\",\"size\":%d}}\n"
                                .formatted(path, oid(content), content.length()));
            } else {
                lines.append("{\"key\":\"file\",\"value\":{\"path\":\"%s.txt\",\"content\":\"%s\"}}\n"
                        .formatted(path, content));
            }
        }
        HttpResponse<String> answer = call(
                "POST",
                "/api/models/" + repo + "/commit/" + branch,
                lines.toString(),
                "Content-Type",
                "application/x-ndjson");
        if (tell("commit", answer)) {
            commits.computeIfAbsent(repo, name -> new ConcurrentLinkedQueue<>())
                    .add(json(answer).path("commitOid").asString());
        }
    }

    private boolean upload(String repo, String content) {
        HttpResponse<String> batch = call(
                "POST",
                "/" + repo + ".git/info/lfs/objects/batch",
                "{\"operation\":\"upload\",\"objects\":[{\"oid\":\"%s\",\"size\":%d}]}"
                        .formatted(oid(content), content.length()));
        if (!tell("batch", batch)) {
            return false;
        }
        String href = json(batch).at("/objects/0/actions/upload/href").asString("");
        return href.isEmpty() || tell("put", callAs("", "PUT", href.substring(url("").length()), content));
    }

    /** A commit that may be nobody's any more, or be collected just now, gets a branch again. */
    private void fromOldCommit(String repo, Random random) {
        List<String> old = List.copyOf(commits.getOrDefault(repo, new ConcurrentLinkedQueue<>()));
        if (!old.isEmpty()) {
            String start = old.get(Math.max(0, old.size() - 1 - random.nextInt(4)));
            tell(
                    "revive",
                    call(
                            "POST",
                            "/api/models/" + repo + "/branch/dev",
                            "{\"startingPoint\":\"" + start + "\",\"overwrite\":true}"));
        }
    }

    private void collectUntil(Instant end) {
        for (int i = 0; Instant.now().isBefore(end); i++) {
            JsonNode done = collect(GRACES.get(i % GRACES.size()));
            count("collections", 1);
            count("collected contents", done.at("/gone/contents").asInt());
            count("collected commits", done.at("/gone/commits").asInt());
            if (done.at("/kept/missingTrees").asInt() > 0) {
                failures.add("trees are missing: " + done);
            }
        }
    }

    private JsonNode collect(String grace) {
        HttpResponse<String> answer = callAs(ADMIN, "POST", "/api/admin/collect?grace=" + grace, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private boolean tell(String what, HttpResponse<String> answer) {
        count(what + " " + answer.statusCode(), 1);
        if (answer.statusCode() != 200 && !REFUSALS.contains(answer.statusCode())) {
            failures.add(what + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.statusCode() == 200;
    }

    private void count(String what, int times) {
        counts.computeIfAbsent(what, name -> new AtomicInteger()).addAndGet(times);
    }

    private int count(String what) {
        return counts.getOrDefault(what, new AtomicInteger()).get();
    }

    /** Reads every file of every commit of every branch, and answers how many commits there were. */
    private int wholeCommits() {
        int read = 0;
        Set<String> known = new TreeSet<>();
        for (JsonNode repo : json(get("/api/models?author=stress"))) {
            String id = repo.path("id").asString();
            for (JsonNode branch : json(get("/api/models/" + id + "/refs")).path("branches")) {
                String commits =
                        "/api/models/" + id + "/commits/" + branch.path("name").asString() + "?limit=1000";
                for (JsonNode commit : json(get(commits))) {
                    whole(id, commit.path("id").asString(), known);
                    read++;
                }
            }
        }
        return read;
    }

    private void whole(String repo, String commit, Set<String> known) {
        HttpResponse<String> tree = get("/api/models/" + repo + "/tree/" + commit + "?recursive=true");
        assertThat(tree.statusCode())
                .as("%s at %s: %s", repo, commit, tree.body())
                .isEqualTo(200);
        for (JsonNode file : json(tree)) {
            if (file.path("type").asString().equals("file")
                    && known.add(file.path("oid").asString())) {
                HttpResponse<String> answer = get("/" + repo + "/resolve/" + commit + "/"
                        + file.path("path").asString());
                assertThat(answer.statusCode()).as(file + ": " + answer.body()).isEqualTo(200);
                assertThat(answer.body().length()).isEqualTo(file.path("size").asInt());
                assertThat(header(answer, "ETag")).isEqualTo('"' + entityTag(file, answer.body()) + '"');
            }
        }
    }

    private static String entityTag(JsonNode file, String body) {
        return file.has("lfs") ? oid(body) : gitHash(body);
    }

    private static String gitHash(String body) {
        try {
            return HexFormat.of()
                    .formatHex(java.security.MessageDigest.getInstance("SHA-1")
                            .digest(("blob " + body.length() + "\0" + body).getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> files() throws Exception {
        try (Stream<Path> all = Files.walk(BLOBS.resolve("sha256"))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private Set<String> rowsOfFiles() {
        return new TreeSet<>(jdbc.sql("select sha256 from content c where not exists"
                        + " (select from small_content s where s.sha256 = c.sha256) and not exists"
                        + " (select from xet_file f where f.sha256 = c.sha256 and not f.whole)")
                .query(String.class)
                .list());
    }

    private static String oid(String content) {
        return Sha256.of(content.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** Half of them are too large for a row of the database. */
    private static String content(int number) {
        return "content " + number + " " + "x".repeat(number % 2 == 0 ? 20_000 : 100);
    }
}
