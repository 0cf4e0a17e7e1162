package io.orrery.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ModelSpeedTest {
    private static String run(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSpeed.run(ModelSpeed.Plan.of(arguments), new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void promptsAndStepsAreTimed() {
        String table = run(
                "--device",
                "cpu",
                "--shape",
                "tiny-llama",
                "--type",
                "q8_0",
                "--prompts",
                "5",
                "--batches",
                "1,3",
                "--context",
                "4",
                "--steps",
                "2");
        assertThat(table)
                .contains(
                        "| tiny-llama | Q8_0 | prompt 5 |",
                        "| step of 1 at 4 |",
                        "| step of 3 at 4 |",
                        "GB/s of weights");
    }

    @Test
    void theCpuComputesTheSameAloneAndTogether() {
        assertThat(run(
                        "--device",
                        "cpu",
                        "--shape",
                        "tiny-qwen3",
                        "--check",
                        "true",
                        "--batches",
                        "40",
                        "--context",
                        "80"))
                .contains("alone and together: the same bits");
    }

    @Test
    void anIncompletePlanIsRefused() {
        assertThatThrownBy(() -> ModelSpeed.Plan.of("--device", "cpu")).hasMessageContaining("usage");
    }
}
