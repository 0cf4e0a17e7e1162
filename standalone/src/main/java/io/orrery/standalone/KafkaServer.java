package io.orrery.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/**
 * A durable Kafka broker and controller in one, on loopback, as a child process that runs from this JVM's own class path. Its log
 * is what survives: topics and offsets are there after a crash.
 */
final class KafkaServer implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(90);
    private static final String[] JVM = {"-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"};
    /** Further options of the broker's JVM, separated by semicolons: whoever built the class path may have a cache of its classes. */
    private static final String OPTIONS = "orrery.kafka.jvm";

    private final ChildProcess server;
    private final int port;

    private KafkaServer(ChildProcess server, int port) {
        this.server = server;
        this.port = port;
    }

    static KafkaServer start(DataFolder data) {
        int port = data.port("kafka");
        int controllerPort = data.port("kafka-controller");
        Path settings = data.root().resolve("kafka.properties");
        Path log = data.folder("logs").resolve("kafka.log");
        try {
            Files.writeString(settings, settings(data.root().resolve("kafka"), port, controllerPort));
            if (!Files.exists(data.root().resolve("kafka/meta.properties"))) {
                format(data, settings, log);
            }
        } catch (IOException e) {
            throw new StandaloneException(
                    "Kafka's folder in " + data.root() + " cannot be written: " + e.getMessage(), e);
        }
        KafkaServer kafka = new KafkaServer(
                ChildProcess.start("kafka", "TERM", java("kafka.Kafka", settings.toString()), Map.of(), log), port);
        kafka.awaitReady();
        return kafka;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    boolean isAlive() {
        return server.isAlive();
    }

    private static String settings(Path folder, int port, int controllerPort) {
        // short session and heartbeat: after a kill -9 the broker waits for its old self's session to end
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.bootstrap.servers=127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
                log.dirs=%3$s
                num.partitions=1
                default.replication.factor=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                broker.session.timeout.ms=3000
                broker.heartbeat.interval.ms=500
                log.cleaner.dedupe.buffer.size=16777216
                """.formatted(port, controllerPort, folder);
    }

    private static void format(DataFolder data, Path settings, Path log) throws IOException {
        String cluster = data.secret("kafka-cluster", () -> Uuid.randomUuid().toString());
        List<String> command = java(
                "kafka.tools.StorageTool",
                "format",
                "--standalone",
                "--ignore-formatted",
                "-t",
                cluster,
                "-c",
                settings.toString());
        try {
            int exit = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new StandaloneException(
                        "Kafka's log folder cannot be formatted (exit code " + exit + "); see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("interrupted while Kafka's log folder was formatted", e);
        }
    }

    private static List<String> java(String mainClass, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(JVM));
        Optional.ofNullable(System.getProperty(OPTIONS))
                .ifPresent(options -> command.addAll(List.of(options.split(";"))));
        command.addAll(List.of(
                "-Dlogback.configurationFile=kafka-logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The port first, by plain connects: the client would log a warning for each refusal. Then an answer to a real request. */
    private void awaitReady() {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        try {
            while (!accepts(port)) {
                if (!server.isAlive()) {
                    throw server.failure("starting");
                }
                if (System.nanoTime() > deadline) {
                    server.close();
                    throw new StandaloneException("Kafka did not answer within " + START_PATIENCE.toSeconds() + " s");
                }
                Thread.sleep(50);
            }
            try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
                admin.describeCluster().nodes().get(START_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("interrupted while Kafka was starting", e);
        } catch (ExecutionException | TimeoutException e) {
            server.close();
            throw new StandaloneException("Kafka listens but does not answer: " + e.getMessage(), e);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
