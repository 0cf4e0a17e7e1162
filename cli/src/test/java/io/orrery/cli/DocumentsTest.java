package io.orrery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the documents name is there. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FILE = Pattern.compile(
            "(?:`|\\]\\()((?:api|cli|docs|engine|engine-cuda|finetune-service|gateway|hub-client|inference-service|k8s|model-registry|standalone)/[\\w./*-]*"
                    + "|[A-Z]+\\.md|LICENSE|docker-compose\\.yml)(?:`|\\))");
    private static final Pattern COMMAND = Pattern.compile("(?:\\./|`)orrery ([a-z]+)");

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            List<Path> all =
                    docs.filter(path -> path.toString().endsWith(".md")).toList();
            return Stream.concat(Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")), all.stream());
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyFileThatIsNamedExists(Path document) throws IOException {
        Matcher named = FILE.matcher(Files.readString(document));
        while (named.find()) {
            boolean besideIt = Files.exists(document.resolveSibling(named.group(1)));
            assertThat(besideIt || Files.exists(ROOT.resolve(named.group(1))))
                    .as(document + " names " + named.group(1))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyCommandThatIsNamedExists(Path document) throws IOException {
        CommandLine commands = CommandRun.commandLine(Path.of("target"), Map.of());
        Matcher named = COMMAND.matcher(Files.readString(document));
        while (named.find()) {
            assertThat(commands.getSubcommands()).as(document.toString()).containsKey(named.group(1));
        }
    }
}
