package io.orrery.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A broker that comes after the worker, at an address where nobody listened before. */
class LateKafkaTest extends RunningInference {
    @TempDir
    Path cache;

    @Test
    void theWorkerReportsOnceTheBrokerIsThere() throws Exception {
        int late = freePort();
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(InferenceApplication.class)
                .properties(InferenceApplication.CONFIGURATION)
                .run(
                        "--server.port=0",
                        "--orrery.identity.secret=" + Tokens.SECRET,
                        "--orrery.inference.worker-id=late",
                        "--orrery.inference.cache=" + cache,
                        "--spring.kafka.bootstrap-servers=127.0.0.1:" + late)) {
            assertThat(context.isRunning()).isTrue();
            try (ServerSocket door = new ServerSocket(late, 50, InetAddress.getLoopbackAddress());
                    KafkaConsumer<String, String> consumer = WorkerReportsTest.consumer()) {
                Thread.ofVirtual().start(() -> forward(door));
                assertThat(WorkerReportsTest.next(
                                        consumer, record -> record.key().equals("late"))
                                .value())
                        .contains("\"workerId\":\"late\"");
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The first connections reach the broker through this door; it then names its own address. */
    private static void forward(ServerSocket door) {
        String[] broker = KAFKA.getBrokersAsString().split(":");
        try {
            while (true) {
                Socket client = door.accept();
                Socket server = new Socket(broker[0], Integer.parseInt(broker[1]));
                Thread.ofVirtual().start(() -> copy(client, server));
                Thread.ofVirtual().start(() -> copy(server, client));
            }
        } catch (IOException closed) {
            assertThat(door.isClosed()).isTrue();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException closed) {
            assertThat(closed).isNotNull();
        }
    }
}
