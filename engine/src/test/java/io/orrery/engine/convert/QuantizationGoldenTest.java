package io.orrery.engine.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.checkpoint.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** llama-quantize's own files, where the folder that holds them is present: ours have the same bytes. */
class QuantizationGoldenTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "gguf-llama, f32, Q4_0", "gguf-llama, f32, Q4_K", "gguf-llama, f32, Q5_K", "gguf-llama, f32, Q6_K",
        "gguf-llama, f32, Q8_0", "gguf-llama, f32, Q4_K_M", "gguf-gemma, f16, Q4_0", "gguf-gemma, f16, Q4_K",
        "gguf-gemma, f16, Q5_K", "gguf-gemma, f16, Q6_K", "gguf-gemma, f16, Q8_0", "gguf-qwen3, bf16, Q4_0",
        "gguf-qwen3, bf16, Q4_K", "gguf-qwen3, bf16, Q5_K", "gguf-qwen3, bf16, Q6_K", "gguf-qwen3, bf16, Q8_0"
    })
    void aFileHasTheBytesThatLlamaQuantizeWrites(String model, String from, String type) throws IOException {
        Path golden = Path.of("../../shared/golden").resolve(model);
        Path wanted = golden.resolve("model-" + type + ".gguf");
        assumeTrue(Files.exists(wanted), () -> "there is no " + wanted.toAbsolutePath());
        Path written = folder.resolve("out.gguf");
        try (GgufFile file = GgufFile.open(golden.resolve("model-" + from + ".gguf"))) {
            Quantization.of(GgufModel.of(file), Target.named(type, false), false)
                    .write(written, new WriteOptions(2, (_, _, _) -> {}));
        }
        assertThat(Files.mismatch(written, wanted)).isEqualTo(-1);
    }
}
