package io.orrery.engine.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.Mutations;
import io.orrery.engine.checkpoint.TinyTensors;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadBack() {
        Map<String, Tensor> tensors = everyDType();
        Path path = folder.resolve("model.gguf");
        GgufWriter.write(path, Map.of("general.architecture", "llama"), tensors);
        try (GgufFile file = GgufFile.open(path)) {
            assertThat(file.metadata().architecture()).isEqualTo("llama");
            assertThat(file.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
            TinyTensors.assertHolds(file, tensors);
        }
    }

    @Test
    void aScalarIsWrittenAsOneElement() {
        Path path = folder.resolve("model.gguf");
        GgufWriter.write(path, Map.of(), Map.of("s", TinyTensors.f32(Shape.of(), 5)));
        try (GgufFile file = GgufFile.open(path)) {
            assertThat(file.tensor("s").shape()).isEqualTo(Shape.of(1));
            assertThat(file.tensor("s").at(0)).isEqualTo(5);
        }
    }

    @Test
    void metadataOfAFileIsWrittenAsItWas() {
        Path first = folder.resolve("first.gguf");
        Path second = folder.resolve("second.gguf");
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.alignment", 64);
        metadata.put("text", "é");
        metadata.put("flag", true);
        metadata.put("numbers", List.of(1, -2));
        metadata.put("scale", 0.5f);
        Map<String, Tensor> tensors = Map.of("w", TinyTensors.f32(Shape.of(2), 1, 2));
        GgufWriter.write(first, metadata, tensors);
        GgufWriter.write(second, GgufHeader.read(first).metadata().values(), tensors);
        assertThat(second).hasSameBinaryContentAs(first);
        assertThat(GgufHeader.read(first).dataStart() % 64).isZero();
    }

    @Test
    void aFileCutOffAnywhereIsRefused() throws IOException {
        Path whole = folder.resolve("whole.gguf");
        // the last tensor fills its alignment, so that every byte of the file counts
        GgufWriter.write(
                whole,
                Map.of("general.architecture", "llama", "tokens", List.of("a", "bc")),
                Map.of("w", TinyTensors.random(DType.F32, 1, 2, 4)));
        Mutations.checkCuts(whole, cut -> GgufFile.open(cut).close());
    }

    @Test
    void whatTheFormatCannotHoldIsNotWritten() {
        assertRefused(Map.of(), "t", TinyTensors.bytes(DType.U8, 1, 2), "tensor t is U8, which GGUF cannot hold");
        assertRefused(Map.of(), "t", TinyTensors.bytes(DType.Q8_0, 1, 2, 16), "rows of 16 elements");
        assertRefused(Map.of(), "t", TinyTensors.f32(Shape.of(1, 1, 1, 1, 1), 1), "at most 4 dimensions");
        assertRefused(Map.of(), "t".repeat(64), TinyTensors.f32(Shape.of(1), 1), "a name of 63 bytes");
        Tensor fine = TinyTensors.f32(Shape.of(1), 1);
        assertRefused(Map.of("k", Path.of("x")), "t", fine, "the metadata k is a ");
        assertRefused(Map.of("k", List.of(1, "x")), "t", fine, "the metadata k mixes types");
        assertRefused(Map.of("k", List.of(List.of())), "t", fine, "which a GGUF array cannot hold");
    }

    private void assertRefused(Map<String, ?> metadata, String name, Tensor tensor, String told) {
        Path path = folder.resolve("refused.gguf");
        assertThatThrownBy(() -> GgufWriter.write(path, metadata, Map.of(name, tensor)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(told);
        assertThat(path).doesNotExist();
    }

    private static Map<String, Tensor> everyDType() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            if (dtype.ggmlId() >= 0) {
                tensors.put("of " + dtype, TinyTensors.bytes(dtype, dtype.ordinal(), 3, dtype.blockElements()));
            }
        }
        tensors.put("empty", TinyTensors.f32(Shape.of(0, 4)));
        tensors.put("cube", TinyTensors.bytes(DType.F16, 1, 2, 3, 4));
        return tensors;
    }
}
