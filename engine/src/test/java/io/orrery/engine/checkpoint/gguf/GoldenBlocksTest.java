package io.orrery.engine.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What llama-quantize made of the same weights, byte for byte, where the golden folder is present. */
class GoldenBlocksTest {
    private static final Path GOLDEN = Path.of("../../shared/golden");

    @ParameterizedTest
    @CsvSource({
        "gguf-llama, f32, Q4_0",
        "gguf-llama, f32, Q4_K",
        "gguf-llama, f32, Q5_K",
        "gguf-llama, f32, Q6_K",
        "gguf-llama, f32, Q8_0",
        "gguf-llama, f32, Q4_K_M",
        "gguf-qwen3, bf16, Q4_0",
        "gguf-qwen3, bf16, Q4_K",
        "gguf-qwen3, bf16, Q5_K",
        "gguf-qwen3, bf16, Q6_K",
        "gguf-gemma, f16, Q4_0",
        "gguf-gemma, f16, Q4_K",
        "gguf-gemma, f16, Q5_K",
        "gguf-gemma, f16, Q6_K"
    })
    void encodingGivesTheBytesOfLlamaQuantize(String folder, String from, String to) {
        Path cases = GOLDEN.resolve(folder);
        assumeTrue(Files.isDirectory(cases), "there is no golden folder");
        try (GgufFile original = GgufFile.open(cases.resolve("model-" + from + ".gguf"));
                GgufFile quantised = GgufFile.open(cases.resolve("model-" + to + ".gguf"));
                Arena arena = Arena.ofConfined()) {
            int compared = 0;
            for (var entry : quantised.tensors().entrySet()) {
                Tensor want = entry.getValue();
                Tensor source = original.tensor(entry.getKey());
                if (want.dtype() != source.dtype()) {
                    MemorySegment got = arena.allocate(want.rows() * want.rowBytes());
                    float[] values = source.decode();
                    BlockFormat.of(want.dtype()).quantize(values, 0, got, 0, values.length);
                    assertThat(got.mismatch(want.segment()))
                            .as("%s as %s", entry.getKey(), want.dtype())
                            .isEqualTo(-1);
                    compared++;
                }
            }
            assertThat(compared).isGreaterThan(5);
        }
    }
}
