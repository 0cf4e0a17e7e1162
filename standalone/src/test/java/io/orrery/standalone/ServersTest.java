package io.orrery.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServersTest {
    @Test
    void rowsAndTopicsSurviveARestart(@TempDir Path folder) throws Exception {
        int port;
        try (DataFolder data = DataFolder.open(folder);
                PostgresServer postgres = PostgresServer.start(data);
                KafkaServer kafka = KafkaServer.start(data);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            execute(postgres, "create table kept (n int)", "insert into kept values (42)");
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            port = data.port("postgres");
        }
        try (DataFolder data = DataFolder.open(folder);
                PostgresServer postgres = PostgresServer.start(data);
                KafkaServer kafka = KafkaServer.start(data);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThat(data.port("postgres")).isEqualTo(port);
            execute(postgres, "update kept set n = 43 where n = 42");
            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).contains("kept");
        }
    }

    @Test
    void secretsAreReadableByTheirOwnerAlone(@TempDir Path folder) throws Exception {
        try (DataFolder data = DataFolder.open(folder)) {
            String secret = data.secret("admin-key", () -> "hf_secret");
            assertThat(data.secret("admin-key", () -> "hf_other")).isEqualTo(secret);
            assertThat(Files.getPosixFilePermissions(folder.resolve("admin-key")))
                    .hasToString("[OWNER_READ, OWNER_WRITE]");
        }
    }

    @Test
    void aFolderInUseIsRefusedByName(@TempDir Path folder) throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (var out = holder.inputReader()) {
            assertThat(out.readLine()).isEqualTo("held");
            assertThatThrownBy(() -> DataFolder.open(folder))
                    .isInstanceOf(StandaloneException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("in use by another orrery");
        } finally {
            holder.destroyForcibly();
        }
    }

    /** Starts PostgreSQL in a JVM of its own, which is then killed: nothing of it may be left. */
    @Test
    void serversDieWithTheirJvm(@TempDir Path folder) throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString(),
                        "postgres")
                .redirectErrorStream(true)
                .start();
        try (var out = parent.inputReader()) {
            assertThat(out.readLine()).isEqualTo("held");
            long server = Long.parseLong(Files.readAllLines(folder.resolve("postgres/postmaster.pid"))
                    .getFirst());
            assertThat(ProcessHandle.of(server)).isPresent();
            parent.destroyForcibly().waitFor();
            ProcessHandle.of(server)
                    .ifPresent(process ->
                            process.onExit().orTimeout(20, TimeUnit.SECONDS).join());
            assertThat(ProcessHandle.of(server).filter(ProcessHandle::isAlive)).isEmpty();
        } finally {
            parent.destroyForcibly();
        }
        try (DataFolder data = DataFolder.open(folder);
                PostgresServer postgres = PostgresServer.start(data)) {
            execute(postgres, "select 1");
        }
    }

    private static void execute(PostgresServer postgres, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Holds a data folder, and perhaps a server, until it is killed. */
    static final class Holder {
        static void main(String[] args) throws InterruptedException {
            DataFolder data = DataFolder.open(Path.of(args[0]));
            if (args.length > 1) {
                PostgresServer.start(data);
            }
            System.out.println("held");
            Thread.sleep(120_000);
            data.close();
        }
    }
}
