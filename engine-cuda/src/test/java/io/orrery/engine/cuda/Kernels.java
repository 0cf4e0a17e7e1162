package io.orrery.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Compiles kernels for the emulator, as the build does. */
final class Kernels {
    static final Path SOURCES = Path.of("src/main/cuda").toAbsolutePath();
    static final Path OBJECTS = Path.of("target/emulator").toAbsolutePath();
    private static final Path EMULATOR = Path.of("src/emulator").toAbsolutePath();
    private static final String COMPILER = "g++";

    private Kernels() {}

    /** @param headers folder of those that kernels include */
    static void compile(Path file, Path headers, Path object, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("sh", EMULATOR.resolve("compile.sh").toString(), COMPILER, file.toString(), object.toString()));
        command.addAll(List.of(options));
        run(headers, object, command);
    }

    static void link(Path library, List<String> objects) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("sh", EMULATOR.resolve("link.sh").toString(), COMPILER, library.toString()));
        command.addAll(objects);
        run(SOURCES, library, command);
    }

    private static void run(Path headers, Path result, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("KERNELS", headers.toString());
        Path log = result.resolveSibling(result.getFileName() + ".log");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }
}
