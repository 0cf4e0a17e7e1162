package io.orrery.cli.bench;

import io.orrery.cli.model.DeviceOptions;
import io.orrery.cli.model.ModelLocation;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Table;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.generate.Engine;
import io.orrery.engine.generate.EngineOptions;
import io.orrery.engine.generate.ServedModel;
import io.orrery.engine.generate.ServingOptions;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.ModelSpec;
import io.orrery.engine.model.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prompt and generation speed through the engine that serves, in llama-bench's words. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures prompt (pp) and generation (tg) speed, reported as llama-bench does.",
        footer = {
            "",
            "Example: orrery bench ./model.gguf -p 512 -n 128 -t 2 -r 5",
            "         orrery bench ./model.gguf --load --json"
        })
public final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PATH", description = "A folder, a GGUF file or a repository.")
    private String model;

    @Option(
            names = {"-p", "--n-prompt"},
            paramLabel = "N",
            defaultValue = "512",
            description = "Tokens of the prompt; 0 for none (default: ${DEFAULT-VALUE}).")
    private int promptTokens;

    @Option(
            names = {"-n", "--n-gen"},
            paramLabel = "N",
            defaultValue = "128",
            description = "Tokens to generate; 0 for none (default: ${DEFAULT-VALUE}).")
    private int generatedTokens;

    @Option(
            names = {"-r", "--repetitions"},
            paramLabel = "N",
            defaultValue = "5",
            description = "Measured runs of each (default: ${DEFAULT-VALUE}).")
    private int repetitions;

    @Option(
            names = "--load",
            description = "Measures one load instead: from opening the file to the first token of a prompt of 16.")
    private boolean load;

    @Option(
            names = "--activations",
            paramLabel = "f32|native",
            defaultValue = "native",
            description = "Exact, or rounded as llama.cpp rounds them too (default: ${DEFAULT-VALUE}).")
    private ActivationMode activations;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (load) {
            reportLoad();
            return 0;
        }
        if (promptTokens < 0 || generatedTokens < 0 || promptTokens + generatedTokens == 0 || repetitions < 1) {
            throw new IllegalArgumentException("there is nothing to measure: -p " + promptTokens + " -n "
                    + generatedTokens + " -r " + repetitions);
        }
        Terminal terminal = Terminal.of(spec);
        try (ModelFiles files = ModelFiles.open(ModelLocation.of(model, options, terminal));
                Engine engine = new Engine("bench", () -> device.open(activations), EngineOptions.DEFAULT);
                ServedModel served = engine.load(files, new ServingOptions(context(files), 0))) {
            report(files, engine.device(), measure(served, vocabSize(files)), terminal);
            return 0;
        }
    }

    private void reportLoad() throws InterruptedException, IOException {
        Terminal terminal = Terminal.of(spec);
        Path path = ModelLocation.of(model, options, terminal);
        LoadTime time = LoadTime.of(path, () -> device.open(activations));
        if (output.isJson()) {
            terminal.json(time.json(path));
            return;
        }
        Table table = new Table("step", "seconds");
        time.seconds().forEach((step, seconds) -> table.row(step, String.format(Locale.ROOT, "%.3f", seconds)));
        table.row("all", String.format(Locale.ROOT, "%.3f", time.total()));
        table.lines().forEach(terminal::line);
        time.anonymousBytes()
                .ifPresent(bytes -> terminal.line(String.format(
                        Locale.ROOT,
                        "anonymous memory %.0f MiB; weights %.0f MiB, cache %.0f MiB",
                        bytes / (double) (1 << 20),
                        time.plan().weightBytes() / (double) (1 << 20),
                        time.plan().cacheBytes() / (double) (1 << 20))));
    }

    /** Room for the longer test and one token more. */
    private int context(ModelFiles files) {
        int wanted = Math.max(promptTokens, generatedTokens + 1) + 1;
        if (wanted > files.contextLength()) {
            throw new IllegalArgumentException("the model's context of " + files.contextLength()
                    + " tokens does not hold " + wanted + "; ask for fewer with -p and -n");
        }
        return wanted;
    }

    private static int vocabSize(ModelFiles files) {
        return switch (files.spec().text().input()) {
            case ModelSpec.Input.Tokens tokens -> tokens.vocabSize();
        };
    }

    private List<Speed> measure(ServedModel served, int vocabSize) throws InterruptedException {
        Measurement measurement = new Measurement(served, vocabSize);
        List<Speed> speeds = new ArrayList<>();
        if (promptTokens > 0) {
            speeds.add(measurement.prompt(promptTokens, repetitions));
        }
        if (generatedTokens > 0) {
            speeds.add(measurement.generation(generatedTokens, repetitions));
        }
        return speeds;
    }

    private void report(ModelFiles files, String backend, List<Speed> speeds, Terminal terminal) {
        long bytes = files.weights().values().stream()
                .mapToLong(tensor -> tensor.dtype().bytes(tensor.elements()))
                .sum();
        long parameters = Weights.parameters(files.spec());
        if (output.isJson()) {
            speeds.forEach(speed -> terminal.json(json(files, backend, bytes, speed)));
            return;
        }
        Table table = new Table("model", "size", "params", "backend", "threads", "test", "t/s", "median");
        speeds.forEach(speed -> table.row(
                files.name(),
                String.format(Locale.ROOT, "%.2f MiB", bytes / (double) (1 << 20)),
                String.format(Locale.ROOT, "%.2f M", parameters / 1e6),
                backend,
                Integer.toString(device.threads()),
                speed.test(),
                speed.text(),
                String.format(Locale.ROOT, "%.2f", Speed.median(speed.tokensPerSecond()))));
        table.lines().forEach(terminal::line);
    }

    /** By the names that {@code llama-bench -o jsonl} gives them. */
    private Map<String, Object> json(ModelFiles files, String backend, long bytes, Speed speed) {
        boolean isPrompt = speed.test().startsWith("pp");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_filename", files.path().toString());
        json.put("model_type", files.name());
        json.put("model_size", bytes);
        json.put("model_n_params", Weights.parameters(files.spec()));
        json.put("backends", backend);
        json.put("n_threads", device.threads());
        json.put("n_prompt", isPrompt ? speed.tokens() : 0);
        json.put("n_gen", isPrompt ? 0 : speed.tokens());
        json.put("test_time", Instant.now().toString());
        json.put("avg_ts", Speed.mean(speed.tokensPerSecond()));
        json.put("median_ts", Speed.median(speed.tokensPerSecond()));
        json.put("stddev_ts", Speed.deviation(speed.tokensPerSecond()));
        json.put("samples_ns", speed.nanos());
        json.put("samples_ts", speed.tokensPerSecond());
        return json;
    }
}
