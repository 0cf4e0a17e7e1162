package io.orrery.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        Kernels.compile(folder.resolve(mutant.compiled() + ".cu"), folder, object);
        List<String> objects = new ArrayList<>(others(mutant));
        objects.add(object.toString());
        Path library = folder.resolve("mutant.so");
        Kernels.link(library, objects);
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
        try (Stream<Path> files = Files.walk(Kernels.SOURCES)) {
            for (Path file : files.sorted().toList()) {
                Path to = folder.resolve(Kernels.SOURCES.relativize(file).toString());
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
        try (Stream<Path> files = Files.list(Kernels.OBJECTS)) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".o") && !file.endsWith("/" + mutant.compiled() + ".o"))
                    .toList();
        }
    }
}
