package io.orrery.finetune;

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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real {@code openai} client, by the gateway's scripts, where Node and npm are present and the packages can be had. */
class JavaScriptClientTest extends RunningFinetune {
    private static final Path SCRIPTS = Path.of("../gateway/src/test/node");
    private static final Path WORK = Path.of("target/node");

    private record Outcome(int status, String output) {}

    @TempDir
    Path folder;

    @Test
    void filesAndJobsGoThroughTheClient() throws Exception {
        assumeTrue(Files.isDirectory(SCRIPTS), "the gateway's scripts are not beside this module");
        assumeTrue(run(Path.of("."), "node", "--version").status() == 0, "node is not present");
        assumeTrue(run(Path.of("."), "npm", "--version").status() == 0, "npm is not present");
        Outcome installed = install();
        assumeTrue(installed.status() == 0, () -> "npm could not install the client: " + installed.output());
        Files.writeString(folder.resolve("train.jsonl"), "{\"text\":\"ä €\"}\n".repeat(1000));

        Outcome outcome = run(WORK, "node", "openai.mjs", "files", "tuning");

        assertThat(outcome.status()).as(outcome.output()).isZero();
        List<JsonNode> steps =
                outcome.output().lines().map(JsonMapper.shared()::readTree).toList();
        JsonNode files = steps.get(0);
        assertThat(files.get("object").asString()).isEqualTo("file");
        assertThat(files.get("listed").asBoolean()).isTrue();
        assertThat(files.get("same").asBoolean()).isTrue();
        assertThat(files.get("deleted").asBoolean()).isTrue();
        JsonNode tuning = steps.get(1);
        assertThat(tuning.get("object").asString()).isEqualTo("fine_tuning.job");
        assertThat(tuning.get("listed").asBoolean()).isTrue();
        assertThat(tuning.get("events").asInt()).isPositive();
        awaitStatus(tuning.get("id").asString(), "succeeded");
    }

    private static Outcome install() throws Exception {
        Files.createDirectories(WORK);
        for (String file : List.of("package.json", "package-lock.json", "openai.mjs")) {
            Files.copy(SCRIPTS.resolve(file), WORK.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.exists(WORK.resolve("node_modules/openai/package.json"))
                ? new Outcome(0, "")
                : new Outcome(
                        start(new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
                                        .directory(WORK.toFile()))
                                .status(),
                        "npm ci failed");
    }

    private Outcome run(Path where, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(where.toFile());
        builder.environment().put("ORRERY_URL", url(""));
        builder.environment().put("ORRERY_KEY", token(Scope.TUNE_READ, Scope.TUNE_WRITE));
        builder.environment().put("ORRERY_MODEL", BASE);
        builder.environment()
                .put("ORRERY_TRAINING_FILE", folder.resolve("train.jsonl").toString());
        return start(builder);
    }

    private static Outcome start(ProcessBuilder builder) throws Exception {
        Path output = Files.createTempFile("openai-js", ".log");
        try {
            Process process = builder.redirectErrorStream(true)
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
