package io.orrery.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * The contract notices faults: each is planted into a copy of the kernels, compiled for the emulator and must turn the
 * contract red. Five in every build, all of them with {@code -Pmutants}.
 */
class MutationTest {
    private static final Path KERNELS = Path.of("src/main/cuda").toAbsolutePath();
    private static final Path EMULATOR = Path.of("src/emulator").toAbsolutePath();
    private static final Path OBJECTS = Path.of("target/emulator").toAbsolutePath();

    static Stream<Mutant> mutants() {
        if (!EmulatorLibrary.isBuilt()) {
            return Stream.empty();
        }
        return Stream.concat(
                Mutant.few().stream(), Boolean.getBoolean("orrery.mutants") ? Mutant.many().stream() : Stream.empty());
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("mutants")
    void aFaultTurnsTheContractRed(Mutant mutant, @TempDir Path folder) throws Exception {
        plant(mutant, folder);
        Path object = folder.resolve("mutant.o");
        run(
                folder,
                "sh",
                EMULATOR.resolve("compile.sh").toString(),
                "g++",
                folder.resolve(mutant.compiled() + ".cu").toString(),
                object.toString());
        Path library = folder.resolve("mutant.so");
        List<String> link =
                new ArrayList<>(List.of("sh", EMULATOR.resolve("link.sh").toString(), "g++", library.toString()));
        link.add(object.toString());
        others(mutant).forEach(link::add);
        run(folder, link.toArray(String[]::new));
        Mutant.choose(library);
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectMethod(mutant.contract(), method(mutant)))
                                .build(),
                        listener);
        assertThat(listener.getSummary().getTestsFoundCount()).isEqualTo(1);
        assertThat(listener.getSummary().getTestsFailedCount())
                .as(mutant + " was not noticed")
                .isEqualTo(1);
    }

    /** Methods of the contract are its own package's. */
    private static java.lang.reflect.Method method(Mutant mutant) throws NoSuchMethodException {
        return mutant.contract().getSuperclass().getDeclaredMethod(mutant.method());
    }

    private static void plant(Mutant mutant, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(KERNELS)) {
            for (Path file : files.sorted().toList()) {
                Path to = folder.resolve(KERNELS.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        Path changed = folder.resolve(mutant.file());
        String text = Files.readString(changed);
        int at = text.indexOf(mutant.from());
        assertThat(at)
                .as("%s is not in %s any more", mutant.from(), mutant.file())
                .isNotNegative();
        Files.writeString(
                changed,
                text.substring(0, at)
                        + mutant.to()
                        + text.substring(at + mutant.from().length()));
    }

    /** All objects of the build but the one that was compiled anew. */
    private static List<String> others(Mutant mutant) throws IOException {
        try (Stream<Path> files = Files.list(OBJECTS)) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".o") && !file.endsWith("/" + mutant.compiled() + ".o"))
                    .toList();
        }
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("KERNELS", folder.toString());
        Path log = folder.resolve("log");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }
}
