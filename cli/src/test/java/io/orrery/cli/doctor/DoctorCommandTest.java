package io.orrery.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {
    @TempDir
    Path home;

    @Test
    void everyCheckIsALineAndWhatIsMissingHasAdvice() {
        CommandRun run = CommandRun.of(
                home, "doctor", "--json", "--data", home.resolve("not/yet").toString());
        List<JsonNode> findings =
                run.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(findings)
                .extracting(finding -> finding.get("check").asString())
                .contains(
                        "jdk",
                        "c compiler",
                        "cpu",
                        "kernels",
                        "memory",
                        "disk",
                        "port 8080",
                        "libcuda",
                        "nvcc",
                        "node",
                        "docker");
        assertThat(findings)
                .allMatch(finding -> finding.get("state").asString().equals("ok")
                        == finding.get("advice").asString().isEmpty());
        boolean sound = findings.stream()
                .noneMatch(finding -> finding.get("state").asString().equals("needed"));
        assertThat(run.exit()).isEqualTo(sound ? 0 : 1);
    }

    @Test
    void aFolderThatCannotBeWrittenIsAThingThatIsNeeded() {
        CommandRun run = CommandRun.of(home, "doctor", "--data", "/proc/nowhere");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out().lines().filter(line -> line.startsWith("needed")))
                .singleElement()
                .asString()
                .contains("--data");
    }
}
