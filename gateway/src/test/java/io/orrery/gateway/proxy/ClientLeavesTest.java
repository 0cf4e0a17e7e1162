package io.orrery.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.gateway.RunningGateway;
import io.orrery.gateway.stub.RawService;
import io.orrery.gateway.stub.WorkerReports;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that goes away takes its call with it, whatever the service is doing. */
class ClientLeavesTest extends RunningGateway {
    private static final String MODEL = "lab/slow";
    private static final Duration AT_ONCE = Duration.ofMillis(1000);

    private final RawService worker = new RawService();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CompletableFuture<Long> hungUp = new CompletableFuture<>();

    @BeforeEach
    void start() {
        startWorker("slow", worker.url(), WorkerReports.ready(MODEL));
    }

    @AfterEach
    void stop() {
        stopWorker("slow");
        worker.close();
    }

    @Test
    void whileTheServiceIsStillSilent() throws Exception {
        worker.behaving(call -> {
            call.readBody();
            asked.countDown();
            call.awaitHangUp(Duration.ofSeconds(10), hungUp);
        });

        assertThat(fromLeavingToHangUp()).isLessThan(AT_ONCE);
    }

    @Test
    void betweenTwoEvents() throws Exception {
        worker.behaving(call -> {
            call.readBody();
            call.beginEvents();
            call.chunk("data: {}\n\n");
            asked.countDown();
            call.awaitHangUp(Duration.ofSeconds(10), hungUp);
        });

        assertThat(fromLeavingToHangUp()).isLessThan(AT_ONCE);
    }

    @Test
    void whileEventsCome() throws Exception {
        worker.behaving(call -> {
            call.readBody();
            call.beginEvents();
            asked.countDown();
            Thread.ofVirtual().start(() -> {
                try {
                    call.awaitHangUp(Duration.ofSeconds(10), hungUp);
                } catch (IOException e) {
                    hungUp.completeExceptionally(e);
                }
            });
            while (!hungUp.isDone()) {
                call.chunk("data: {}\n\n");
                Thread.sleep(20);
            }
        });

        assertThat(fromLeavingToHangUp()).isLessThan(AT_ONCE);
    }

    @Test
    void aConnectionThatStaysOpenIsNotTakenForOneThatLeft() throws Exception {
        worker.behaving(call -> {
            call.readBody();
            Thread.sleep(1500);
            call.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n\"whole\"");
        });

        assertThat(post("/v1/chat/completions", chat(MODEL)).body()).isEqualTo("\"whole\"");
    }

    @Test
    void aPipelinedRequestIsNotTakenForALeavingClient() throws Exception {
        worker.behaving(call -> {
            call.readBody();
            Thread.sleep(1000);
            call.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n\"whole\"");
        });
        try (Socket socket = new Socket("localhost", port)) {
            String question = question();
            socket.getOutputStream()
                    .write((question + "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answers).contains("\"whole\"", "{\"status\":\"ok\"}");
        }
    }

    private Duration fromLeavingToHangUp() throws Exception {
        long left;
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream().write(question().getBytes(StandardCharsets.UTF_8));
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            left = System.nanoTime();
        }
        return Duration.ofNanos(hungUp.get(10, TimeUnit.SECONDS) - left);
    }

    private String question() {
        String body = chat(MODEL);
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ADMIN_KEY
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
