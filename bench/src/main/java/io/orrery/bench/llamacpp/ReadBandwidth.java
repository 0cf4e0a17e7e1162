package io.orrery.bench.llamacpp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the machine's memory gives, by the program {@code read_bandwidth.c}; sampled while other things are measured. */
final class ReadBandwidth {
    private final List<String> command;
    private final List<Double> bytesPerSecond = new ArrayList<>();

    ReadBandwidth(Path program, int threads) {
        command = List.of(program.toString(), Integer.toString(threads));
    }

    void sample() throws IOException, InterruptedException {
        String line = Contender.output(command)
                .orElseThrow(() -> new IllegalStateException("failed: " + String.join(" ", command)));
        bytesPerSecond.add(Double.parseDouble(line));
    }

    /** In bytes a second. */
    double median() {
        return Comparison.median(
                bytesPerSecond.stream().mapToDouble(Double::doubleValue).toArray());
    }

    double best() {
        return bytesPerSecond.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
}
