package io.orrery.gateway;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The real JavaScript clients: the scripts of {@code src/test/node}, with what {@code npm ci} installs for them. Where there is no
 * Node, or its registry cannot be reached, the test is skipped with the reason.
 */
public final class NodeScripts {
    private static final Pattern UNREACHABLE =
            Pattern.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT");
    private static final long INSTALL_SECONDS = 120;
    private static final long RUN_SECONDS = 60;

    private final Path folder;

    private NodeScripts(Path folder) {
        this.folder = folder;
    }

    /**
     * Installs the clients beside copies of the scripts.
     *
     * @param source the folder with package.json, its lock file and the scripts
     * @param folder a folder of the build that may keep them for the next run
     */
    public static NodeScripts install(Path source, Path folder) throws IOException, InterruptedException {
        for (String program : List.of("node", "npm")) {
            if (!isOnPath(program)) {
                abort("the JavaScript clients are not tried: there is no " + program + " on the PATH");
            }
        }
        Files.createDirectories(folder);
        boolean isInstalled = Files.isDirectory(folder.resolve("node_modules"))
                && Files.mismatch(source.resolve("package-lock.json"), folder.resolve("package-lock.json")) < 0;
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        NodeScripts scripts = new NodeScripts(folder);
        if (!isInstalled) {
            Result result = scripts.start(
                    Map.of(), INSTALL_SECONDS, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
            if (result.status() != 0 && UNREACHABLE.matcher(result.output()).find()) {
                abort("the JavaScript clients are not tried: npm cannot reach its registry:\n" + result.output());
            }
            result.orFail("npm ci");
        }
        return scripts;
    }

    /** Runs a script and gives what it printed, line by line. */
    public List<String> run(Map<String, String> environment, String... scriptAndArguments)
            throws IOException, InterruptedException {
        String[] command = Stream.concat(Stream.of("node"), Arrays.stream(scriptAndArguments))
                .toArray(String[]::new);
        return start(environment, RUN_SECONDS, command)
                .orFail(String.join(" ", command))
                .lines()
                .toList();
    }

    private Result start(Map<String, String> environment, long seconds, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("NO_COLOR", "1");
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError(String.join(" ", command) + " did not end within " + seconds + " s");
            }
            return new Result(process.exitValue(), text(output), text(errors));
        } finally {
            process.destroyForcibly();
            Files.delete(output);
            Files.delete(errors);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private record Result(int status, String out, String errors) {
        String output() {
            return out + errors;
        }

        String orFail(String what) {
            if (status != 0) {
                throw new AssertionError(what + " ended with status " + status + ":\n" + output());
            }
            return out;
        }
    }
}
