package io.orrery.cli.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program of this machine, asked for its version. */
final class Program {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Program() {}

    /** The first line that says something, or nothing where the program is not there, fails or hangs. */
    static Optional<String> firstLine(String... command) {
        return lines(command).stream().filter(line -> !line.isBlank()).findFirst();
    }

    static List<String> lines(String... command) {
        try {
            Path output = Files.createTempFile("orrery-doctor", ".txt");
            try {
                return lines(output, command);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary file cannot be used", e);
        }
    }

    /** Through a file, so that a program that says much or hangs cannot hold the reader. */
    private static List<String> lines(Path output, String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            return List.of(); // no such program
        }
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return List.of();
        }
        return process.exitValue() == 0 ? Files.readAllLines(output) : List.of();
    }
}
