package io.orrery.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelLibraryTest {
    @TempDir
    private Path folder;

    @Test
    void levelThatWasNotBuiltIsAbsent() {
        try (Arena arena = Arena.ofShared()) {
            assertThat(KernelLibrary.open("vax", arena)).isEmpty();
        }
    }

    @Test
    void bestLevelRunsOrPlainJavaDoes() {
        try (Ops ops = CpuOps.create(CpuOptions.defaults())) {
            boolean built = KernelLibraryTest.class.getResource("/native/liborrery-portable.so") != null;
            assertThat(ops).isInstanceOf(built ? CpuOps.class : ScalarOps.class);
            assertThat(ops.device()).startsWith("cpu (");
        }
    }

    @Test
    void withoutCompilerTheBuildSaysSoAndGoesOn() throws IOException, InterruptedException {
        Result result = build("no-such-compiler");
        assertThat(result.status()).isZero();
        assertThat(result.lines()).singleElement().asString().startsWith("No C compiler (no-such-compiler) was found");
        assertThat(folder.resolve("native")).doesNotExist();
    }

    @Test
    void compilerThatFailsFailsTheBuild() throws IOException, InterruptedException {
        assertThat(build("false").status()).isNotZero();
    }

    private record Result(int status, List<String> lines) {}

    private Result build(String compiler) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("sh", "src/main/c/build.sh", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("CC", compiler);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readAllLines(output, StandardCharsets.UTF_8));
    }

    @Test
    void memoryThatWasGivenBackIsRefused() {
        try (Ops ops = CpuOps.create(CpuOptions.defaults())) {
            Tensor stale = ops.workspace().empty(300_000);
            ops.workspace().empty(900_000);
            ops.workspace().reset();
            if (ops instanceof CpuOps) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> ops.add(stale, stale, 1))
                        .withMessageContaining("after its memory was given back");
            }
        }
    }

    @Test
    void threadsMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CpuOptions(0, ActivationMode.F32))
                .withMessage("threads (0) must be at least 1");
    }
}
