package io.orrery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.platform.Surroundings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class OrreryTest {
    @TempDir
    Path home;

    static Stream<String> commands() {
        return walk(Orrery.commandLine(new Surroundings(Map.of(), Path.of("/nowhere"))))
                .map(command -> command.getCommandSpec().qualifiedName());
    }

    private static Stream<CommandLine> walk(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(OrreryTest::walk));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandSaysWhatItDoesAndGivesAnExample(String name) {
        List<String> words = List.of(name.split(" "));
        String[] arguments =
                Stream.concat(words.stream().skip(1), Stream.of("--help")).toArray(String[]::new);
        CommandRun run = CommandRun.of(home, arguments);
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("Usage: " + name)
                .contains("Example: orrery " + String.join(" ", words.subList(1, words.size())));
        assertThat(run.out().lines().filter(line -> line.endsWith(".") && !line.startsWith(" ")))
                .isNotEmpty();
    }

    @Test
    void aWrongOptionIsAUsageErrorThatNamesTheNearOne() {
        CommandRun run = CommandRun.of(home, "ls", "--datset");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--datset").contains("--dataset");
    }

    @Test
    void noCommandIsAUsageErrorThatListsThem() {
        CommandRun run = CommandRun.of(home);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("up").contains("pull").contains("doctor");
    }

    @Test
    void aRehearsalRunsEveryCommandThatNeedsNoPlatform() {
        CommandRun run = CommandRun.of(home, "rehearse", home.resolve("scratch").toString());
        assertThat(run.exit()).isZero();
        assertThat(run.out().lines().filter(line -> line.matches("\\d .*")))
                .hasSizeGreaterThan(10)
                .allMatch(line -> line.startsWith("0 ") || line.startsWith("1 ls "));
    }

    @Test
    void aPlatformThatIsNotUpIsOneSentence() {
        CommandRun run = CommandRun.of(home, "ls", "--url", "http://127.0.0.1:1", "--token", "hf_x");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("orrery: ")
                .contains("http://127.0.0.1:1")
                .doesNotContain("Exception");
        assertThat(run.err().lines()).hasSize(1);
    }
}
