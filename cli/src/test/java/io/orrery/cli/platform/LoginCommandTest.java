package io.orrery.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginCommandTest {
    @TempDir
    Path home;

    StubPlatform platform;

    @BeforeEach
    void start() throws IOException {
        platform = new StubPlatform();
        platform.on("GET /api/models", "[]");
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void keepsAddressAndKeyForTheOtherCommandsInAFileOfTheUsersOwn() throws IOException {
        CommandRun login = CommandRun.of(home, "login", "--url", platform.url() + "/", "--token", StubPlatform.KEY);
        assertThat(login.err()).isEmpty();
        assertThat(login.out()).contains("as ada");
        Path file = home.resolve(".config/orrery/login.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(CommandRun.of(home, "ls").exit()).isZero();
    }

    @Test
    void aWrongKeyIsNamedAndNotKept() {
        CommandRun login = CommandRun.of(home, "login", "--url", platform.url(), "--token", "hf_wrong");
        assertThat(login.exit()).isEqualTo(1);
        assertThat(login.err())
                .contains(platform.url())
                .contains("does not know this key")
                .contains("nothing was kept");
        assertThat(home.resolve(".config/orrery/login.json")).doesNotExist();
    }

    @Test
    void theEnvironmentGoesBeforeTheLogin() {
        CommandRun run =
                CommandRun.of(home, Map.of("ORRERY_URL", platform.url(), "ORRERY_KEY", StubPlatform.KEY), "ls");
        assertThat(run.exit()).isZero();
    }

    @Test
    void aPlatformOnThisMachineIsGivenItsAdminKey() throws IOException {
        Files.createDirectories(home.resolve(".orrery"));
        Files.writeString(home.resolve(".orrery/admin-key"), StubPlatform.KEY + "\n");
        assertThat(CommandRun.of(home, "ls", "--url", platform.url()).exit()).isZero();
    }

    @Test
    void neitherTheAdminKeyNorTheLoginsNorTheEnvironmentsGoesToAnotherAddress() throws IOException {
        Files.createDirectories(home.resolve(".orrery"));
        Files.writeString(home.resolve(".orrery/admin-key"), StubPlatform.KEY);
        CommandRun.of(home, "login", "--url", platform.url(), "--token", StubPlatform.KEY);
        Map<String, String> variables =
                Map.of("ORRERY_URL", platform.url(), "ORRERY_KEY", StubPlatform.KEY, "HF_TOKEN", StubPlatform.KEY);
        CommandRun run = CommandRun.of(home, variables, "tune", "ls", "--url", "http://elsewhere.invalid:8080");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("no key is known for http://elsewhere.invalid:8080");
    }

    @Test
    void theTokenOfOtherClientsGoesToTheirHubAlone() {
        Map<String, String> variables = Map.of("HF_ENDPOINT", platform.url() + "/", "HF_TOKEN", StubPlatform.KEY);
        assertThat(CommandRun.of(home, variables, "ls", "--url", platform.url()).exit())
                .isZero();
        assertThat(CommandRun.of(home, Map.of("HF_TOKEN", StubPlatform.KEY), "ls", "--url", platform.url())
                        .err())
                .contains("does not take anybody without a key")
                .contains("orrery login --url " + platform.url());
        assertThat(platform.requests.getLast().authorization()).isEqualTo("none");
    }

    @Test
    void aBrokenLoginFileIsNamed() throws IOException {
        Path file = home.resolve(".config/orrery/login.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{");
        CommandRun run = CommandRun.of(home, "ls");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains(file.toString()).contains("orrery login");
    }
}
