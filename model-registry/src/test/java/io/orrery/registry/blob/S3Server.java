package io.orrery.registry.blob;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/** A real S3 server, s3proxy on files, that checks signatures; a process of its own, one for all tests of a JVM. */
final class S3Server {
    private static final String BUCKET = "contents";
    private static final String ID = "registry";
    private static final String SECRET = "a secret of the tests";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PORT = start();

    private S3Server() {}

    static int port() {
        return PORT;
    }

    /** The bucket, through a port that may be another's than the server's own. */
    static StoreProperties.S3 through(int port, String prefix) {
        URI endpoint = URI.create("http://127.0.0.1:" + port);
        return new StoreProperties.S3(BUCKET, endpoint, "us-east-1", ID, SECRET, true, prefix);
    }

    private static int start() {
        try {
            int port = freePort();
            Path folder = Files.createTempDirectory("s3-server");
            Path settings = Files.writeString(folder.resolve("s3proxy.conf"), """
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                s3proxy.endpoint=http://127.0.0.1:%d
                jclouds.provider=filesystem-nio2
                jclouds.identity=unused
                jclouds.credential=unused
                jclouds.filesystem.basedir=%s
                """.formatted(
                            ID, SECRET, port, Files.createDirectory(folder.resolve("objects"))));
            Process server = new ProcessBuilder(command(settings))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
            await(server, port, folder.resolve("log"));
            return port;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the S3 server did not start", e);
        }
    }

    private static List<String> command(Path settings) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(
                java,
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar().toString(),
                "--properties",
                settings.toString());
    }

    /** Where the build put it, or where Maven keeps it. */
    private static Path jar() {
        Path kept = Path.of(System.getProperty("user.home"), ".m2/repository/org/gaul/s3proxy");
        try (Stream<Path> all = Files.isDirectory(kept) ? Files.walk(kept) : Stream.empty()) {
            return Stream.concat(
                            Stream.of(Path.of("target/s3-server/s3proxy.jar")),
                            all.filter(file -> file.toString().endsWith("-jar-with-dependencies.jar")))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "target/s3-server/s3proxy.jar is missing; ./mvnw -pl model-registry generate-test-resources"
                                    + " fetches it"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void await(Process server, int port, Path log) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline) && server.isAlive()) {
            try (Socket socket = new Socket("127.0.0.1", port);
                    S3Bucket bucket = S3Bucket.open(through(socket.getPort(), ""))) {
                bucket.client().createBucket(create -> create.bucket(BUCKET));
                return;
            } catch (BucketAlreadyOwnedByYouException e) {
                return;
            } catch (IOException e) {
                Thread.sleep(100);
            }
        }
        throw new IOException("no answer from the S3 server: " + Files.readString(log));
    }
}
