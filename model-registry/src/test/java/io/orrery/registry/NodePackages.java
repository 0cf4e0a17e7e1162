package io.orrery.registry;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Scripts of the tests with the Hub's own packages, run by Node where {@code node} and {@code npm} are present and the packages can be had. */
public final class NodePackages {
    private static final Path SOURCE = Path.of("src/test/resources/hub-js");
    private static final Path WORK = Path.of("target/hub-js");

    /** How a script ended. */
    public record Outcome(int code, String output) {}

    private NodePackages() {}

    /** Skips the test where the packages cannot be had. */
    public static synchronized void requireInstalled() throws Exception {
        assumeTrue(run(Path.of("."), "node", "--version").code() == 0, "node is not present");
        assumeTrue(run(Path.of("."), "npm", "--version").code() == 0, "npm is not present");
        Files.createDirectories(WORK);
        try (Stream<Path> files = Files.list(SOURCE)) {
            for (Path file : files.toList()) {
                Files.copy(file, WORK.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Outcome installed = Stream.of("hub", "gguf")
                        .allMatch(name ->
                                Files.exists(WORK.resolve("node_modules/@huggingface/" + name + "/package.json")))
                ? new Outcome(0, "")
                : run(WORK, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--no-progress");
        assumeTrue(installed.code() == 0, () -> "npm could not install the packages: " + installed.output());
    }

    public static Outcome script(String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", name));
        command.addAll(List.of(arguments));
        return run(WORK, command.toArray(String[]::new));
    }

    private static Outcome run(Path folder, String... command) throws Exception {
        Path output = Files.createTempFile("hub-js", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Outcome(-1, "no end after 120 s: " + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            return new Outcome(-1, e.toString());
        } finally {
            Files.delete(output);
        }
    }
}
