package io.orrery.cli.convert;

import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.ProgressBar;
import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.tensor.Tensor;
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

/** How a model is written, and how that is shown. */
final class Writing {
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
    record Work(long inputBytes, long elements, Consumer<WriteOptions> write) {
        static Work of(ModelFiles files, Consumer<WriteOptions> write) {
            long bytes = 0;
            long elements = 0;
            for (Tensor tensor : files.weights().values()) {
                bytes += tensor.dtype().bytes(tensor.elements());
                elements += tensor.elements();
            }
            return new Work(bytes, elements, write);
        }
    }

    boolean isJson() {
        return output.isJson();
    }

    static boolean isGguf(Path path) {
        return path.toString().endsWith(".gguf");
    }

    /** @throws IllegalArgumentException where something is there that is not to be replaced, or cannot be written so */
    void requireFree(Path path, Numbers numbers) {
        if (Files.exists(path) && !force) {
            throw new IllegalArgumentException(path + " is there already; --force replaces it");
        }
        if (Files.isDirectory(path) && isGguf(path)) {
            throw new IllegalArgumentException(path + " is a folder; a GGUF file needs another name");
        }
        if (Files.isRegularFile(path) && !isGguf(path)) {
            throw new IllegalArgumentException(path
                    + " is a file; a Hugging Face folder needs another name, and a GGUF file one that ends in .gguf");
        }
        if (numbers == Numbers.Q8_0 && !isGguf(path)) {
            throw new IllegalArgumentException(
                    "a Hugging Face folder cannot hold q8_0; write f32, f16 or bf16, or a file that ends in .gguf");
        }
    }

    /** Writes with progress, then says in a line what came of it. */
    void write(String doing, Path path, Work work, Terminal terminal) throws IOException {
        long start = System.nanoTime();
        int workers = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        try (ProgressBar bar = terminal.bytes(doing)) {
            work.write().accept(new WriteOptions(workers, bar::report));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (output.isJson()) {
            terminal.json(facts(path, work, took));
        } else {
            terminal.line(summary(path, work, took));
        }
    }

    private static Map<String, Object> facts(Path path, Work work, Duration took) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", path.toString());
        facts.put("input_bytes", work.inputBytes());
        facts.put("output_bytes", size(path));
        facts.put("parameters", work.elements());
        facts.put("bits_per_weight", bitsPerWeight(path, work));
        facts.put("seconds", took.toNanos() / 1e9);
        facts.put("input_mb_per_second", speed(work, took));
        return facts;
    }

    private static String summary(Path path, Work work, Duration took) throws IOException {
        return String.format(
                Locale.ROOT,
                "%s: %s from %s, %.2f bits per weight, %.1f s, %.0f MB/s of input",
                path,
                Quantity.bytes(size(path)),
                Quantity.bytes(work.inputBytes()),
                bitsPerWeight(path, work),
                took.toNanos() / 1e9,
                speed(work, took));
    }

    private static double speed(Work work, Duration took) {
        return work.inputBytes() / 1e6 / Math.max(1e-9, took.toNanos() / 1e9);
    }

    private static double bitsPerWeight(Path path, Work work) throws IOException {
        return 8.0 * size(path) / Math.max(1, work.elements());
    }

    private static long size(Path path) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
