package io.orrery.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.gateway.RunningGateway;
import io.orrery.gateway.stub.RawService;
import io.orrery.gateway.stub.StubService;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Bodies too large for memory, in both directions. */
class UploadTest extends RunningGateway {
    private static final long LARGE = 100L << 20;

    @Test
    void aHundredMegabytesPassWithoutBeingHeld() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        REGISTRY.answering(exchange -> {
            received.complete(
                    exchange.getRequestHeaders().getFirst("Content-Length") + " " + sha256(exchange.getRequestBody()));
            StubService.answer(exchange, 200, "text/plain", "stored");
        });
        String expected = LARGE + " " + sha256(new Numbers(LARGE));

        long before = usedHeap();
        AtomicLong peak = new AtomicLong();
        Thread watch = Thread.ofPlatform().daemon().start(() -> watchHeap(peak));
        HttpResponse<String> answer =
                send(upload(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> new Numbers(LARGE)), LARGE))
                        .build());
        watch.interrupt();

        assertThat(answer.body()).isEqualTo("stored");
        assertThat(received.get(1, TimeUnit.SECONDS)).isEqualTo(expected);
        assertThat(peak.get() - before).as("growth of the live heap").isLessThan(LARGE / 4);
    }

    @Test
    void aBodyOfUnknownLengthPassesInChunks() throws Exception {
        long length = 3L << 20;
        CompletableFuture<String> received = new CompletableFuture<>();
        REGISTRY.answering(exchange -> {
            received.complete(exchange.getRequestHeaders().getFirst("Transfer-Encoding") + " "
                    + sha256(exchange.getRequestBody()));
            StubService.answer(exchange, 200, "text/plain", "stored");
        });

        send(upload(BodyPublishers.ofInputStream(() -> new Numbers(length))).build());

        assertThat(received.get(1, TimeUnit.SECONDS)).isEqualTo("chunked " + sha256(new Numbers(length)));
    }

    @Test
    void aHundredMegabytesComeDownUnchanged() throws Exception {
        REGISTRY.answering(exchange -> {
            exchange.sendResponseHeaders(200, LARGE);
            try (InputStream numbers = new Numbers(LARGE)) {
                numbers.transferTo(exchange.getResponseBody());
            }
            exchange.close();
        });

        HttpResponse<InputStream> answer =
                HTTP.send(asAdmin("/lab/a/resolve/main/w.bin").build(), BodyHandlers.ofInputStream());

        assertThat(answer.headers().firstValue("Content-Length")).contains("" + LARGE);
        assertThat(sha256(answer.body())).isEqualTo(sha256(new Numbers(LARGE)));
    }

    @Test
    void aRefusalBeforeTheEndReachesTheClient() {
        REGISTRY.answering(exchange -> {
            exchange.getRequestBody().readNBytes(1 << 20);
            byte[] reason = "{\"error\":\"No space left on disk\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(507, reason.length);
            exchange.getResponseBody().write(reason);
            exchange.getResponseBody().flush();
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            exchange.close();
        });

        HttpResponse<String> answer = send(upload(BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> new Numbers(LARGE / 5)), LARGE / 5))
                .build());

        assertThat(answer.statusCode()).isEqualTo(507);
        assertThat(answer.body()).contains("No space left on disk");
    }

    @Test
    void aServiceThatTakesNothingTimesOut() {
        try (RawService stuck = new RawService().behaving(call -> Thread.sleep(10_000))) {
            startWorker("stuck", stuck.url());
            HttpResponse<String> answer = send(asAdmin("/v1/models/large")
                    .method("GET", BodyPublishers.ofInputStream(() -> new Numbers(LARGE)))
                    .build());
            stopWorker("stuck");

            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("took nothing of the request's body for 3 s");
        }
    }

    @Test
    void aClientThatBreaksOffLeavesNoWholeBody() throws Exception {
        CompletableFuture<Long> received = new CompletableFuture<>();
        REGISTRY.answering(exchange -> {
            long count = 0;
            try (InputStream body = exchange.getRequestBody()) {
                byte[] buffer = new byte[8192];
                for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                    count += read;
                }
                received.complete(count);
            } catch (IOException e) {
                received.completeExceptionally(e);
            }
        });

        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write(
                            ("PUT /lfs/objects/abc?token=t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
                                            + "x".repeat(1000))
                                    .getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(received.handle((count, failure) -> failure).get(5, TimeUnit.SECONDS))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aClientThatAsksFirstIsToldToGoOnOnlyIfItMay() throws IOException {
        String head = "PUT /api/models/lab/a/settings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
                + "Expect: 100-continue\r\nConnection: close\r\n";
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(firstLine(socket)).isEqualTo("HTTP/1.1 401 ");
        }
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write((head + "Authorization: Bearer " + ADMIN_KEY + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(firstLine(socket)).isEqualTo("HTTP/1.1 100 ");
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("HTTP/1.1 200", "registry");
        }
    }

    @Test
    void aPromptTooLargeToHoldIsRefused() {
        HttpResponse<String> answer =
                post("/v1/chat/completions", "{\"model\":\"a\",\"messages\":\"" + "x".repeat(1 << 20) + "\"}");

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(JSON.readTree(answer.body()).get("error").get("code").asString())
                .isEqualTo("request_too_large");
        assertThat(answer.body()).contains("may have 1048576 bytes");
    }

    private HttpRequest.Builder upload(BodyPublisher body) {
        return HttpRequest.newBuilder(uri("/lfs/objects/abc?token=signed")).PUT(body);
    }

    private static String firstLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c != '\r';
                c = socket.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static String sha256(InputStream in) {
        try (DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            byte[] buffer = new byte[1 << 16];
            while (digest.read(buffer) >= 0) {
                // the digest sees it
            }
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void watchHeap(AtomicLong peak) {
        while (!Thread.currentThread().isInterrupted()) {
            peak.accumulateAndGet(usedHeap(), Math::max);
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** What is alive: garbage is collected before it is counted. */
    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }

    /** So many bytes that differ from their neighbours, without holding them. */
    private static final class Numbers extends InputStream {
        private final long length;
        private long position;

        Numbers(long length) {
            this.length = length;
        }

        @Override
        public int read() {
            return position == length ? -1 : (int) ((position++ * 2654435761L) >>> 11) & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int wanted) {
            int count = (int) Math.min(wanted, length - position);
            for (int i = 0; i < count; i++) {
                target[offset + i] = (byte) read();
            }
            return count == 0 ? -1 : count;
        }
    }
}
