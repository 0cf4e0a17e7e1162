package io.orrery.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.engine.ops.Devices;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ConformanceCommandTest {
    private static final Path GOLDEN = Path.of("../../shared/golden");

    @TempDir
    private Path folder;

    private record Run(int exit, List<String> lines) {}

    private static Run run(String... arguments) {
        StringWriter out = new StringWriter();
        int exit = new CommandLine(new ConformanceCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .execute(arguments);
        return new Run(exit, out.toString().lines().toList());
    }

    private TinyCase tiny() throws Exception {
        return new TinyCase(folder.resolve("tiny"));
    }

    @Test
    void aCaseThatHoldsPassesWhole() throws Exception {
        tiny().write();
        Run run = run(folder.toString(), "--require-all");
        assertThat(run.lines())
                .contains(
                        "PASS tiny/seq.0.logits",
                        "PASS tiny/seq.0.last_hidden",
                        "PASS tiny/seq.0.logits in chunks",
                        "PASS tiny/seq.0.logits in a batch",
                        "5 passed, 0 failed, 0 skipped");
        assertThat(run.exit()).isZero();
    }

    @Test
    void theScalarDeviceGivesTheSame() throws Exception {
        tiny().write();
        assertThat(run(folder.toString(), "--device", "scalar").lines()).endsWith("5 passed, 0 failed, 0 skipped");
    }

    @Test
    void theEmulatedGpuGivesTheSame() throws Exception {
        assumeEmulator();
        tiny().write();
        assertThat(run(folder.toString(), "--device", "cuda-emulated").lines())
                .endsWith("5 passed, 0 failed, 0 skipped");
    }

    private static void assumeEmulator() {
        assumeTrue(
                Devices.describe().stream()
                        .anyMatch(device -> device.name().equals("cuda-emulated") && device.isAvailable()),
                "this build has no emulated GPU");
    }

    @Test
    void oneWrongElementFailsItsCheckAlone() throws Exception {
        tiny().spoil("seq.0.last_hidden", 37, 0.01f).write();
        Run run = run(folder.toString());
        assertThat(run.lines())
                .filteredOn(line -> line.startsWith("FAIL"))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("FAIL tiny/seq.0.last_hidden: got ")
                        .contains("worst element [2, 5] of [9, 16]", "1 of 144 out of bounds"));
        assertThat(run.exit()).isOne();
    }

    @Test
    void aTensorThatNothingLooksAtFails() throws Exception {
        tiny().with("seq.0.surprise", 1, 2, 3).write();
        Run run = run(folder.toString());
        assertThat(run.lines()).contains("FAIL tiny/seq.0.surprise: not checked");
        assertThat(run.exit()).isOne();
    }

    @Test
    void anExpectedValueThatNothingLooksAtFails() throws Exception {
        tiny().withValue("perplexity", List.of(1.5)).write();
        assertThat(run(folder.toString()).lines()).contains("FAIL tiny/perplexity: not checked");
    }

    @Test
    void aCaseThatBreaksDoesNotHideTheOthers() throws Exception {
        tiny().write();
        TinyCase broken = new TinyCase(folder.resolve("broken"));
        broken.write();
        Files.delete(folder.resolve("broken/model.safetensors"));
        Run run = run(folder.toString());
        assertThat(run.lines()).anyMatch(line -> line.startsWith("FAIL broken/run: "));
        assertThat(run.lines()).contains("PASS tiny/seq.0.logits");
        assertThat(run.exit()).isOne();
    }

    @Test
    void whatIsNotBuiltIsSkippedAndFailsOnlyWhereAllIsRequired() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(other.resolve("golden.json"), "{\"kind\": \"music\", \"notes\": [1, 2]}");
        assertThat(run(folder.toString()).lines())
                .containsExactly(
                        "SKIP other/notes: cases of kind 'music' are not known", "0 passed, 0 failed, 1 skipped");
        assertThat(run(folder.toString()).exit()).isZero();
        assertThat(run(folder.toString(), "--require-all").exit()).isOne();
    }

    @Test
    void casesAreChosenByAGlob() throws Exception {
        tiny().write();
        new TinyCase(folder.resolve("other")).write();
        assertThat(run(folder.toString(), "--only", "t*").lines())
                .contains("PASS tiny/seq.0.logits")
                .noneMatch(line -> line.contains(" other/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llm-mistral-sliding", "quant-nf4-double", "train-qwen3-lora-sft"})
    void publishedCasesPassOnTheEmulatedGpu(String name) {
        assumeEmulator();
        assumeTrue(Files.isDirectory(GOLDEN.resolve(name)), "no golden case " + name + " beside this checkout");
        Run run = run(GOLDEN.resolve(name).toString(), "--require-all", "--device", "cuda-emulated");
        assertThat(run.lines()).filteredOn(line -> !line.startsWith("PASS")).hasSize(1);
        assertThat(run.exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"llm-zephyr-chat", "llm-qwen3", "train-llama-lora-sft", "train-qwen3-full", "chat-templates"})
    void publishedCasesPassWhole(String name) {
        assumeTrue(Files.isDirectory(GOLDEN.resolve(name)), "no golden case " + name + " beside this checkout");
        Run run = run(GOLDEN.resolve(name).toString(), "--require-all");
        assertThat(run.lines()).filteredOn(line -> !line.startsWith("PASS")).hasSize(1);
        assertThat(run.lines()).hasSizeGreaterThan(20);
        assertThat(run.exit()).isZero();
    }
}
