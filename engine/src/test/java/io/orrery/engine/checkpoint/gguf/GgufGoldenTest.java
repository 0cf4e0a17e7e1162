package io.orrery.engine.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.engine.checkpoint.TinyTensors;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files that llama.cpp wrote, against the checksums of their values. */
class GgufGoldenTest {
    private static final Path GOLDEN = Path.of("../../shared/golden");
    private static final Set<DType> DECODED = Set.of(DType.F32, DType.F16, DType.BF16, DType.Q8_0);

    @ParameterizedTest
    @ValueSource(strings = {"gguf-llama", "gguf-gemma", "gguf-qwen3"})
    void tensorsHaveTheValuesThatWereRecorded(String name) throws Exception {
        Path folder = GOLDEN.resolve(name);
        assumeTrue(Files.isDirectory(folder), "the golden cases are not beside this checkout");
        JsonNode golden = JsonMapper.shared().readTree(folder.resolve("golden.json"));
        int compared = 0;
        for (String fileName : golden.path("files").propertyNames()) {
            try (GgufFile file = GgufFile.open(folder.resolve(fileName))) {
                compared += compare(file, golden.path("files").path(fileName));
            }
        }
        // all tensors of two files and the norms of the quantised ones
        assertThat(compared).isGreaterThan(24);
    }

    private static int compare(GgufFile file, JsonNode expected) throws NoSuchAlgorithmException {
        assertThat(file.tensors().keySet()).containsExactlyInAnyOrderElementsOf(expected.propertyNames());
        int compared = 0;
        for (String name : expected.propertyNames()) {
            Tensor tensor = file.tensor(name);
            JsonNode told = expected.path(name);
            assertThat(tensor.dtype().name()).isEqualTo(told.path("type").asString());
            assertThat(tensor.shape().dims())
                    .isEqualTo(told.path("shape_out_in")
                            .valueStream()
                            .map(JsonNode::asLong)
                            .toList());
            if (DECODED.contains(tensor.dtype())) {
                assertThat(sha256(tensor))
                        .as(file.source() + " " + name)
                        .isEqualTo(told.path("sha256_f32").asString());
                compared++;
            }
        }
        return compared;
    }

    private static String sha256(Tensor tensor) throws NoSuchAlgorithmException {
        byte[] bytes = MemorySegment.ofArray(TinyTensors.decoded(tensor)).toArray(ValueLayout.JAVA_BYTE);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
