package io.orrery.standalone;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** A durable PostgreSQL on loopback as a child process; binaries from the class path, data in the data folder. */
final class PostgresServer implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final String USER = "orrery";

    private final ChildProcess server;
    private final int port;
    private final String password;

    private PostgresServer(ChildProcess server, int port, String password) {
        this.server = server;
        this.port = port;
        this.password = password;
    }

    static PostgresServer start(DataFolder data) {
        Path home = unpacked(data);
        String password = data.secret("postgres-password", () -> DataFolder.randomText(32));
        Path cluster = data.root().resolve("postgres");
        if (!Files.exists(cluster.resolve("PG_VERSION"))) {
            initialise(data, home, cluster);
        }
        int port = data.port("postgres");
        List<String> command = List.of(
                home.resolve("bin/postgres").toString(),
                "-D",
                cluster.toString(),
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=100",
                "-c",
                "shared_buffers=64MB");
        Path log = data.folder("logs").resolve("postgres.log");
        PostgresServer postgres = new PostgresServer(
                ChildProcess.start("postgres", "QUIT", ChildProcess.asUnprivileged(command), Map.of(), log),
                port,
                password);
        postgres.awaitReady();
        return postgres;
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    String user() {
        return USER;
    }

    String password() {
        return password;
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            try (Connection connection = DriverManager.getConnection(url(), USER, password)) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                if (!server.isAlive()) {
                    throw server.failure("starting");
                }
                if (System.nanoTime() > deadline) {
                    server.close();
                    throw new StandaloneException(
                            "PostgreSQL did not accept connections within " + START_PATIENCE.toSeconds() + " s: "
                                    + e.getMessage(),
                            e);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("interrupted while PostgreSQL was starting", e);
        }
    }

    /** initdb into a folder beside, renamed when whole: a crash in between leaves no half cluster. */
    private static void initialise(DataFolder data, Path home, Path cluster) {
        Path beside = data.root().resolve("postgres.new");
        Path log = data.folder("logs").resolve("initdb.log");
        try {
            deleteTree(beside);
            List<String> command = ChildProcess.asUnprivileged(List.of(
                    home.resolve("bin/initdb").toString(),
                    "-D",
                    beside.toString(),
                    "-U",
                    USER,
                    "-A",
                    "scram-sha-256",
                    "--pwfile",
                    data.root().resolve("postgres-password").toString(),
                    "-E",
                    "UTF8",
                    "--locale",
                    "C"));
            int exit = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new StandaloneException("initdb failed with exit code " + exit + ":\n"
                        + Files.readString(log).strip());
            }
            Files.move(beside, cluster, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StandaloneException(
                    "PostgreSQL's data folder " + cluster + " cannot be made: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("interrupted while initdb ran", e);
        }
    }

    private static Path unpacked(DataFolder data) {
        String archive =
                "/postgres-linux-" + (System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64") + ".txz";
        @Nullable URL source = PostgresServer.class.getResource(archive);
        if (source == null) {
            throw new StandaloneException("there are no PostgreSQL binaries for this system (" + archive
                    + "); run the services against a PostgreSQL of your own, see docs/operations.md");
        }
        try {
            // another release has another size, and is unpacked beside
            Path home = data.root()
                    .resolve("postgres-binaries-" + source.openConnection().getContentLengthLong());
            if (!Files.exists(home)) {
                Path beside = data.root().resolve("postgres-binaries.new");
                deleteTree(beside);
                try (InputStream in = source.openStream()) {
                    unpack(in, beside);
                }
                Files.move(beside, home, StandardCopyOption.ATOMIC_MOVE);
            }
            return home;
        } catch (IOException e) {
            throw new StandaloneException("PostgreSQL cannot be unpacked to " + data.root() + ": " + e.getMessage(), e);
        }
    }

    private static void unpack(InputStream in, Path to) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(in)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = to.resolve(entry.getName()).normalize();
                if (!file.startsWith(to)) {
                    throw new IOException("archive entry " + entry.getName() + " lies outside");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(file.getParent());
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(tar, file);
                    Files.setPosixFilePermissions(file, permissions(entry.getMode()));
                }
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(PosixFilePermissions.fromString("rw-r--r--"));
        if ((mode & 0100) != 0) {
            permissions.addAll(PosixFilePermissions.fromString("--x--x--x"));
        }
        return permissions;
    }

    private static void deleteTree(Path root) throws IOException {
        if (Files.exists(root)) {
            try (var files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** SIGINT is the fast shutdown; SIGTERM would wait for clients. */
    @Override
    public void close() {
        server.stop("INT", Duration.ofSeconds(20));
    }

    /** Whether the server still runs. */
    boolean isAlive() {
        return server.isAlive();
    }
}
