package io.orrery.cli.convert;

import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.ProgressBar;
import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.checkpoint.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which model is written where, and how that is shown. */
final class InputOutput {
    @Parameters(index = "0", paramLabel = "IN", description = "A folder, a GGUF file or a repository.")
    private String model;

    @Parameters(index = "1", paramLabel = "OUT", description = "What to write: a file that ends in .gguf, or a folder.")
    private Path path;

    @Option(names = "--force", description = "Replaces what is there.")
    private boolean force;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads that compute (default: one a core).")
    private int threads;

    @Mixin
    private OutputOptions output;

    /**
     * What is written.
     *
     * @param inputBytes of the tensors that are read
     * @param elements of all tensors
     */
    record Work(long inputBytes, long elements, Consumer<WriteOptions> write) {}

    /** The model that is read. */
    String model() {
        return model;
    }

    /** Where it is written to. */
    Path path() {
        return path;
    }

    boolean isGguf() {
        return path.toString().endsWith(".gguf");
    }

    /** @throws IllegalArgumentException where something is there that is not to be replaced */
    void requireFree() {
        if (Files.exists(path) && !force) {
            throw new IllegalArgumentException(path + " is there already; --force replaces it");
        }
        if (Files.isDirectory(path) && isGguf()) {
            throw new IllegalArgumentException(path + " is a folder; a GGUF file needs another name");
        }
        if (Files.isRegularFile(path) && !isGguf()) {
            throw new IllegalArgumentException(path
                    + " is a file; a Hugging Face folder needs another name, and a GGUF file one that ends in .gguf");
        }
    }

    /** Writes with progress, then says in a line what came of it. */
    void write(String doing, Work work, Terminal terminal) throws IOException {
        long start = System.nanoTime();
        int workers = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        try (ProgressBar bar = terminal.bytes(doing)) {
            work.write().accept(new WriteOptions(workers, bar::report));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (output.isJson()) {
            terminal.json(facts(work, took));
        } else {
            terminal.line(summary(work, took));
        }
    }

    private Map<String, Object> facts(Work work, Duration took) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", path.toString());
        facts.put("input_bytes", work.inputBytes());
        facts.put("output_bytes", size());
        facts.put("parameters", work.elements());
        facts.put("bits_per_weight", bitsPerWeight(work));
        facts.put("seconds", took.toNanos() / 1e9);
        facts.put("input_mb_per_second", speed(work, took));
        return facts;
    }

    private String summary(Work work, Duration took) throws IOException {
        return String.format(
                Locale.ROOT,
                "%s: %s from %s, %.2f bits per weight, %.1f s, %.0f MB/s of input",
                path,
                Quantity.bytes(size()),
                Quantity.bytes(work.inputBytes()),
                bitsPerWeight(work),
                took.toNanos() / 1e9,
                speed(work, took));
    }

    private static double speed(Work work, Duration took) {
        return work.inputBytes() / 1e6 / Math.max(1e-9, took.toNanos() / 1e9);
    }

    private double bitsPerWeight(Work work) throws IOException {
        return 8.0 * size() / Math.max(1, work.elements());
    }

    private long size() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
