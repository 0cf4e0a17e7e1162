package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.identity.Scope;
import io.orrery.hub.Upload;
import io.orrery.registry.FaultyUpstream.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

class MirrorContentTest extends MirroredRegistry {
    private static final int SIZE = 3_000_000;
    private static final int WITHHELD = 64 << 10;
    private static final String ODD = "sub/odd # 100% + & ; [x] ü 日本.txt";
    private static final String ODD_RAW =
            "sub/odd%20%23%20100%25%20%2B%20%26%20%3B%20%5Bx%5D%20%C3%BC%20%E6%97%A5%E6%9C%AC.txt";

    @TempDir
    Path temp;

    private final byte[] weights = new byte[SIZE];
    private String repo = "";
    private String file = "";

    @BeforeEach
    void repository() throws IOException {
        new Random(UUID.randomUUID().getLeastSignificantBits()).nextBytes(weights);
        repo = "bytes/" + UUID.randomUUID();
        file = "/" + repo + "/resolve/main/w.bin";
        publish(
                repo,
                Upload.file("w.bin", Files.write(temp.resolve("w.bin"), weights)),
                Upload.text("config.json", "{\"of\":\"" + repo + "\"}"),
                Upload.text(ODD, "odd of " + repo),
                Upload.text("empty", ""));
        mirrored("/api/models/" + repo);
        upstream.requests.clear();
    }

    @AfterEach
    void onlyTheMirrorsTokenWentUpAndNowhereElse() {
        assertThat(upstream.strangers).isEmpty();
    }

    @Test
    void aContentIsFetchedOnceAndKept() throws Exception {
        for (int i = 0; i < 2; i++) {
            HttpResponse<byte[]> whole = mirrored(file);
            assertThat(whole.statusCode()).isEqualTo(200);
            assertThat(whole.body()).isEqualTo(weights);
            assertThat(text(mirrored("/" + repo + "/resolve/main/config.json"))).isEqualTo("{\"of\":\"" + repo + "\"}");
            assertThat(text(mirrored("/" + repo + "/resolve/main/" + ODD_RAW))).isEqualTo("odd of " + repo);
            assertThat(text(mirrored("/" + repo + "/raw/main/" + ODD_RAW))).isEqualTo("odd of " + repo);
            assertThat(mirrored("/" + repo + "/resolve/main/empty").body()).isEmpty();
            assertThat(mirrored(file, "Range", "bytes=-10").body())
                    .isEqualTo(Arrays.copyOfRange(weights, SIZE - 10, SIZE));
        }
        assertThat(upstream.count("/w.bin")).isEqualTo(1);
        assertThat(upstream.count("/config.json")).isEqualTo(1);
        assertThat(upstream.count("/sub/odd")).isEqualTo(1);
        assertThat(upstream.requests).hasSize(3);
    }

    @Test
    void whatHasLandedIsReadWhileTheRestComes() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        upstream.fail("/w.bin", new Fault.Hold(2_000_000, rest));
        try (InputStream in = stream(file)) {
            assertThat(in.readNBytes(1_900_000)).isEqualTo(Arrays.copyOf(weights, 1_900_000));
            assertThat(mirrored(file, "Range", "bytes=8-1007").body()).isEqualTo(Arrays.copyOfRange(weights, 8, 1008));
            assertThat(mirrored(file, "Range", "bytes=1500000-1500999").statusCode())
                    .isEqualTo(206);
            rest.countDown();
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(weights, 1_900_000, SIZE));
        }
        assertThat(upstream.count("/w.bin")).isEqualTo(1);
    }

    @Test
    void theLastBytesWaitForTheHash() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        upstream.fail("/w.bin", new Fault.Hold(SIZE - 1, rest));
        try (InputStream in = stream(file)) {
            in.readNBytes(SIZE - WITHHELD);
            ByteArrayOutputStream last = new ByteArrayOutputStream();
            Thread reader = Thread.ofVirtual().start(() -> read(in, last));
            Thread.sleep(300);
            assertThat(last.size()).isZero();
            rest.countDown();
            reader.join();
            assertThat(last.toByteArray()).isEqualTo(Arrays.copyOfRange(weights, SIZE - WITHHELD, SIZE));
        }
    }

    @Test
    void aCutIsResumedAndNobodyNotices() throws Exception {
        upstream.fail("/w.bin", new Fault.Cut(1_000_000), new Fault.Cut(500_000));
        assertThat(mirrored(file).body()).isEqualTo(weights);
        List<String> asked = List.copyOf(upstream.requests);
        assertThat(asked).hasSize(3);
        assertThat(asked.get(0)).doesNotContain("bytes=");
        assertThat(asked.get(1)).matches(".* bytes=(9[5-9]\\d{4}|1000000)-");
        assertThat(asked.get(2)).matches(".* bytes=1(4[5-9]\\d{4}|500000)-");
    }

    @Test
    void aDamagedContentIsGivenWholeToNobodyAndThrownAway() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        upstream.fail("/w.bin", new Fault.Corrupt(100, rest));
        byte[] received;
        try (InputStream in = stream(file)) {
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            got.write(in.readNBytes(SIZE / 2));
            rest.countDown();
            assertThatThrownBy(() -> in.transferTo(got)).isInstanceOf(IOException.class);
            received = got.toByteArray();
        }
        assertThat(received.length).isLessThanOrEqualTo(SIZE - WITHHELD);
        HttpResponse<byte[]> resumed = mirrored(file, "Range", "bytes=" + received.length + "-");
        assertThat(resumed.statusCode()).as("what was read may be damaged").isEqualTo(200);
        assertThat(resumed.body()).isEqualTo(weights);
        HttpResponse<byte[]> part = mirrored(file, "Range", "bytes=0-9");
        assertThat(part.statusCode()).as(text(part)).isEqualTo(206);
        assertThat(upstream.count("/w.bin")).isEqualTo(2);
        later();
        assertThat(mirrored(file, "Range", "bytes=100-").statusCode()).isEqualTo(206);
    }

    @Test
    void aDamagedRegularFileIsAFailureAndThenFetchedAnew() throws Exception {
        upstream.fail("/config.json", new Fault.Corrupt(3, new CountDownLatch(0)));
        HttpResponse<byte[]> damaged = mirrored("/" + repo + "/resolve/main/config.json");
        assertThat(damaged.statusCode()).isEqualTo(502);
        assertThat(text(damaged)).contains("came damaged");
        assertThat(text(mirrored("/" + repo + "/resolve/main/config.json"))).contains(repo);
    }

    @Test
    void twentyWhoAskAtOnceCauseOneFetch() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        upstream.fail("/w.bin", new Fault.Hold(100_000, rest));
        String other = "bytes/" + UUID.randomUUID();
        publish(other, Upload.file("again.bin", temp.resolve("w.bin")));
        mirrored("/api/models/" + other);
        List<Callable<byte[]>> readers = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            String path = i % 2 == 0 ? file : "/" + other + "/resolve/main/again.bin";
            readers.add(() -> {
                try (InputStream in = stream(path)) {
                    begun.countDown();
                    return in.readAllBytes();
                }
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> all = readers.stream().map(threads::submit).toList();
            begun.await();
            rest.countDown();
            for (Future<byte[]> one : all) {
                assertThat(one.get()).isEqualTo(weights);
            }
        }
        assertThat(upstream.count("/resolve/")).isEqualTo(1);
    }

    @Test
    void aLandingGoesOnWhereTheLastProcessEnded() throws Exception {
        String blobs = temp.resolve("blobs").toString();
        CountDownLatch rest = new CountDownLatch(1);
        upstream.fail("/w.bin", new Fault.Hold(2_000_000, rest));
        try (ConfigurableApplicationContext first = start(Map.of("orrery.registry.blobs", blobs));
                InputStream in = stream(first, file)) {
            in.readNBytes(1_900_000);
        }
        rest.countDown();
        upstream.requests.clear();
        try (ConfigurableApplicationContext second = start(Map.of("orrery.registry.blobs", blobs));
                InputStream in = stream(second, file)) {
            assertThat(in.readAllBytes()).isEqualTo(weights);
        }
        assertThat(upstream.requests).singleElement().asString().matches(".*/w\\.bin bytes=(19|20)\\d{5}-");
    }

    @Test
    void aRedirectToAnotherServerIsFollowedHere() throws Exception {
        upstream.fail("/w.bin", new Fault.Elsewhere());
        HttpResponse<byte[]> whole = mirrored(file);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(weights);
        assertThat(header(whole, "Location")).isEmpty();
    }

    @Test
    void whatComesCompressedIsKeptAsItIs() throws Exception {
        upstream.fail("/config.json", new Fault.Gzip());
        HttpResponse<byte[]> text = mirrored("/" + repo + "/resolve/main/config.json");
        assertThat(text(text)).isEqualTo("{\"of\":\"" + repo + "\"}");
        assertThat(header(text, "Content-Encoding")).isEmpty();
    }

    @Test
    void whatCannotBeFetchedIsToldByItsReason() throws Exception {
        String path = "/" + repo + "/resolve/main/config.json";
        upstream.fail("/config.json", new Fault.Status(429, "", Map.of("Retry-After", "30")));
        HttpResponse<byte[]> busy = mirrored(path);
        assertThat(busy.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(header(busy, "Retry-After"))).isBetween(20, 30);
    }

    @Test
    void aFileThatIsGoneThereIsNoMissingEntry() throws Exception {
        upstream.fail("/config.json", new Fault.Status(404, "", Map.of("X-Error-Code", "EntryNotFound")));
        HttpResponse<byte[]> gone = mirrored("/" + repo + "/resolve/main/config.json");
        assertThat(gone.statusCode()).isEqualTo(410);
        assertThat(header(gone, "X-Error-Code")).isEmpty();
        upstream.down();
        try {
            assertThat(mirrored("/" + repo + "/resolve/main/config.json").statusCode())
                    .isEqualTo(502);
            assertThat(head("/" + repo + "/resolve/main/config.json").statusCode())
                    .isEqualTo(200);
        } finally {
            upstream.up();
        }
    }

    @Test
    void anUpstreamThatDoesNotAnswerIsATimeout() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        upstream.fail("/config.json", new Fault.HoldHead(never));
        assertThat(mirrored("/" + repo + "/resolve/main/config.json").statusCode())
                .isEqualTo(504);
        never.countDown();
    }

    @Test
    void contentsOfAGatedRepositoryAreForThoseWhoWereLetIn() throws Exception {
        later();
        upstream.fail(
                repo + "/revision",
                new Fault.Status(
                        200,
                        "{\"id\":\"" + repo + "\",\"sha\":\"" + header(head(file), "X-Repo-Commit")
                                + "\",\"gated\":\"manual\"}",
                        Map.of()));
        later();
        mirrored("/api/models/" + repo);
        assertThat(tree(mirrored("/api/models/" + repo)).path("gated").asString())
                .isEqualTo("manual");
        for (int i = 0; i < 2; i++) {
            HttpResponse<?> refused = i == 0 ? head(file) : mirrored(file);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(header(refused, "X-Error-Code")).isEqualTo("GatedRepo");
        }
        assertThat(mirrored("/api/models/" + repo + "/tree/main").statusCode()).isEqualTo(200);
        String root = Tokens.of("root", "lab", Scope.MODELS_READ, Scope.ADMIN);
        assertThat(mirrored(file, "Authorization", "Bearer " + root).body()).isEqualTo(weights);
    }

    @Test
    void aContentThatOnlySomebodyHereUploadedIsFetchedAllTheSame() throws Exception {
        byte[] secret = ("a secret of " + repo).getBytes(StandardCharsets.UTF_8);
        String own = "own-" + UUID.randomUUID() + "/x";
        assertThat(post("POST", "/api/repos/create", "{\"name\":\"" + own + "\",\"private\":true}")
                        .statusCode())
                .isEqualTo(200);
        // the same file is at the upstream, where it need not be believed
        assertThat(post(
                                "POST",
                                "/api/models/" + own + "/commit/main",
                                "{\"key\":\"header\",\"value\":{\"summary\":\"x\"}}\n"
                                        + "{\"key\":\"file\",\"value\":{\"path\":\"a\",\"encoding\":\"utf-8\",\"content\":\""
                                        + new String(secret, StandardCharsets.UTF_8) + "\"}}")
                        .statusCode())
                .isEqualTo(200);
        publish(repo, Upload.text("a", new String(secret, StandardCharsets.UTF_8)));
        later();
        upstream.fail("/resolve/", new Fault.Status(404, "", Map.of()));
        assertThat(mirrored("/" + repo + "/resolve/main/a").statusCode()).isEqualTo(410);
        assertThat(mirrored("/" + repo + "/resolve/main/a").body()).isEqualTo(secret);
    }

    private static InputStream stream(String path) throws IOException {
        return send(request(path).build(), BodyHandlers.ofInputStream()).body();
    }

    private static InputStream stream(ConfigurableApplicationContext registry, String path) throws IOException {
        String port = registry.getEnvironment().getProperty("local.server.port");
        return send(
                        request(path)
                                .uri(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        BodyHandlers.ofInputStream())
                .body();
    }

    private static void read(InputStream in, ByteArrayOutputStream out) {
        try {
            in.transferTo(out);
        } catch (IOException e) {
            out.reset();
        }
    }
}
