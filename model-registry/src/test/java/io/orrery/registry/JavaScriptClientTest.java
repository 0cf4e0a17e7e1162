package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.api.identity.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real {@code @huggingface/hub} client, run by Node where {@code node} and {@code npm} are present and the packages can be had. */
class JavaScriptClientTest extends RunningRegistry {
    private static final Path SOURCE = Path.of("src/test/resources/hub-js");
    private static final Path WORK = Path.of("target/hub-js");

    private record Outcome(int code, String output) {}

    @TempDir
    Path temp;

    @Test
    void theHubsOwnClientCreatesUploadsListsAndDownloads() throws Exception {
        assumeTrue(run(Path.of("."), "node", "--version").code() == 0, "node is not present");
        assumeTrue(run(Path.of("."), "npm", "--version").code() == 0, "npm is not present");
        Outcome installed = install();
        assumeTrue(installed.code() == 0, () -> "npm could not install the client: " + installed.output());

        String token = Tokens.of("js", "lab", Scope.MODELS_READ, Scope.MODELS_WRITE);
        Outcome journey = run(WORK, "node", "journey.mjs", url(""), token, temp.toString());

        assertThat(journey.output()).endsWith("journey done\n");
        assertThat(journey.code()).isZero();
    }

    private static Outcome install() throws Exception {
        Files.createDirectories(WORK);
        for (String file : List.of("package.json", "package-lock.json", "journey.mjs")) {
            Files.copy(SOURCE.resolve(file), WORK.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.exists(WORK.resolve("node_modules/@huggingface/hub/package.json"))
                ? new Outcome(0, "")
                : run(WORK, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--no-progress");
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
