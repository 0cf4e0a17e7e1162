package io.orrery.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.orrery.engine.ops.DeviceException;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/** No two threads of a block touch a byte of shared memory unordered, one of them writing: the contract, every access told. */
@EnabledIfSystemProperty(
        named = "orrery.mutants",
        matches = "true",
        disabledReason = "takes minutes; -Pmutants runs it")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RacesTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void compile() throws Exception {
        List<String> objects = new ArrayList<>();
        try (Stream<Path> files = Files.list(Kernels.SOURCES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".cu")).toList()) {
                Path object = folder.resolve(file.getFileName() + ".o");
                Kernels.compile(file, Kernels.SOURCES, object, "-fsanitize=thread");
                objects.add(object.toString());
            }
        }
        choose(objects, folder.resolve("races.so"));
    }

    private static void choose(List<String> objects, Path library) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(objects);
        all.add(Kernels.OBJECTS.resolve("emulator.o").toString());
        all.add(Kernels.OBJECTS.resolve("races.o").toString());
        Kernels.link(library, all);
        Mutant.choose(library);
    }

    @Order(1)
    @ParameterizedTest
    @ValueSource(
            classes = {
                MutantOpsContract.class,
                MutantLinearContract.class,
                MutantAttentionContract.class,
                MutantNativeContract.class
            })
    void theContractRunsWithoutARace(Class<?> contract) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(contract))
                                .build(),
                        listener);
        assertThat(listener.getSummary().getFailures())
                .extracting(Failure::getException)
                .isEmpty();
        assertThat(listener.getSummary().getTestsSucceededCount()).isPositive();
    }

    /** Every lane writes what one of them should: the same number, and a race all the same. */
    @Order(2)
    @Test
    void aRaceThatChangesNoNumberIsNoticed(@TempDir Path changed) throws Exception {
        String reduce = Files.readString(Kernels.SOURCES.resolve("reduce.cuh"));
        Files.copy(Kernels.SOURCES.resolve("norm.cu"), changed.resolve("norm.cu"));
        Files.writeString(
                changed.resolve("reduce.cuh"), reduce.replace("if (threadIdx.x % 32 == 0) partial", "partial"));
        Path object = changed.resolve("norm.o");
        Kernels.compile(changed.resolve("norm.cu"), Kernels.SOURCES, object, "-fsanitize=thread");
        choose(List.of(object.toString()), changed.resolve("races.so"));
        assertThatExceptionOfType(DeviceException.class)
                .isThrownBy(() -> {
                    try (Ops ops = Mutant.backend().findFirst().orElseThrow().open()) {
                        Tensor x = ops.persistent(2, 1000);
                        ops.rmsNorm(ops.persistent(2, 1000), x, ops.persistent(1000), 1, 0);
                    }
                })
                .withMessageContaining("kernel rms_norm")
                .withMessageContaining("of shared memory, which thread number");
    }
}
