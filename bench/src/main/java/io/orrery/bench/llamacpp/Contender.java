package io.orrery.bench.llamacpp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** One of the two: a process that warms up, computes a prompt and an answer, and ends. */
sealed interface Contender {
    /** Tokens a second of prompt and answer; empty where it cannot run the model. */
    Optional<double[]> run(Path model) throws IOException, InterruptedException;

    /** {@code orrery bench}, which fails where it cannot run a model. */
    record Ours(Order order) implements Contender {
        @Override
        public Optional<double[]> run(Path model) throws IOException, InterruptedException {
            List<String> command = List.of(
                    order.orrery().toString(),
                    "bench",
                    model.toString(),
                    "-p",
                    Integer.toString(order.tests().prompt()),
                    "-n",
                    Integer.toString(order.tests().answer()),
                    "-t",
                    Integer.toString(order.threads()),
                    "-r",
                    "1",
                    "--json");
            String output = output(command)
                    .orElseThrow(() -> new IllegalStateException("failed: " + String.join(" ", command)));
            return Optional.of(output.lines()
                    .map(line -> JsonMapper.shared().readTree(line))
                    .mapToDouble(line -> line.path("median_ts").asDouble())
                    .toArray());
        }
    }

    /** {@link LlamaCpp} in a JVM like this one. */
    record Theirs(Order order) implements Contender {
        @Override
        public Optional<double[]> run(Path model) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LlamaCpp.class.getName(),
                    order.libraries().toString(),
                    model.toString()));
            for (int number : new int[] {
                order.threads(), order.tests().prompt(), order.tests().answer()
            }) {
                command.add(Integer.toString(number));
            }
            return output(command)
                    .map(line -> Arrays.stream(line.strip().split(" "))
                            .mapToDouble(Double::parseDouble)
                            .toArray());
        }
    }

    /** What a program writes; empty where it fails, of which it has told by itself. */
    static Optional<String> output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
    }
}
