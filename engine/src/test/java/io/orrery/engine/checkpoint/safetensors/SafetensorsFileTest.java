package io.orrery.engine.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.Mutations;
import io.orrery.engine.checkpoint.TinyTensors;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadBack() {
        Map<String, Tensor> tensors = everyDType();
        Path path = folder.resolve("model.safetensors");
        SafetensorsWriter.write(path, tensors, Map.of("format", "pt", "note", "é\"\n"));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.metadata()).isEqualTo(Map.of("format", "pt", "note", "é\"\n"));
            TinyTensors.assertHolds(file, tensors);
        }
    }

    @Test
    void theWidestElementsComeFirstAndEveryTensorIsAligned() {
        Path path = folder.resolve("model.safetensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("z", TinyTensors.bytes(DType.U8, 1, 3));
        tensors.put("y", TinyTensors.bytes(DType.F16, 2, 3));
        tensors.put("b", TinyTensors.bytes(DType.F32, 3, 3));
        tensors.put("a", TinyTensors.bytes(DType.F32, 4, 1));
        tensors.put("x", TinyTensors.bytes(DType.I64, 5, 1));
        SafetensorsWriter.write(path, tensors, Map.of());
        SafetensorsHeader header = SafetensorsHeader.read(path);
        assertThat(header.dataStart() % 8).isZero();
        assertThat(header.metadata()).isEmpty();
        assertThat(header.entries()).extracting(SafetensorsHeader.Entry::name).containsExactly("x", "a", "b", "y", "z");
    }

    @Test
    void aFileCutOffAnywhereIsRefused() throws IOException {
        Path whole = folder.resolve("whole.safetensors");
        SafetensorsWriter.write(whole, everyDType(), Map.of("format", "pt"));
        Mutations.checkCuts(whole, cut -> SafetensorsFile.open(cut).close());
    }

    @Test
    void aFileOfMoreThanTwoGigabytesIsMapped() throws IOException {
        Path path = folder.resolve("large.safetensors");
        long bytes = 3L << 30;
        byte[] header = SafetensorsHeaderTest.file(
                "{\"w\":{\"dtype\":\"U8\",\"shape\":[3," + (1 << 30) + "],\"data_offsets\":[0," + bytes + "]}}", 0);
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            sparse.write(header);
            sparse.setLength(header.length + bytes);
            sparse.seek(header.length + bytes - 1);
            sparse.write(77);
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Tensor last = file.tensor("w").rows(2, 3);
            assertThat(last.segment().get(ValueLayout.JAVA_BYTE, (1 << 30) - 1)).isEqualTo((byte) 77);
        }
    }

    @Test
    void anAbsentTensorIsAnsweredWithTheNearestNames() {
        Path path = folder.resolve("model.safetensors");
        SafetensorsWriter.write(
                path,
                Map.of(
                        "model.norm.weight", TinyTensors.f32(Shape.of(1), 1),
                        "model.embed_tokens.weight", TinyTensors.f32(Shape.of(1), 1),
                        "model.layers.0.mlp.up_proj.weight", TinyTensors.f32(Shape.of(1), 1),
                        "lm_head.weight", TinyTensors.f32(Shape.of(1), 1)),
                Map.of());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThatThrownBy(() -> file.tensor("model.norms.weight"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith(
                            path + ": there is no tensor model.norms.weight among 4; the nearest names are"
                                    + " model.norm.weight, ");
        }
    }

    @Test
    void tensorsThatNothingComputesWithAreRefusedWhenTheyAreRead() throws IOException {
        Path path = folder.resolve("model.safetensors");
        Files.write(
                path,
                SafetensorsHeaderTest.file(
                        "{\"c\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                                + "\"f\":{\"dtype\":\"F4\",\"shape\":[2,3],\"data_offsets\":[8,11]},"
                                + "\"s\":{\"dtype\":\"F6_E2M3\",\"shape\":[4],\"data_offsets\":[11,14]}}",
                        14));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.tensor("f").segment().byteSize()).isEqualTo(3);
            for (Tensor tensor : file.tensors().values()) {
                assertThatThrownBy(tensor::decode)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("there is no block format for " + tensor.dtype());
            }
        }
    }

    @Test
    void whatTheFormatCannotHoldIsNotWritten() {
        Path path = folder.resolve("model.safetensors");
        Tensor quantised = TinyTensors.random(DType.Q8_0, 1, 1, 32);
        assertThatThrownBy(() -> SafetensorsWriter.write(path, Map.of("w", quantised), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tensor w is Q8_0");
        Tensor plain = TinyTensors.f32(Shape.of(1), 1);
        assertThatThrownBy(() -> SafetensorsWriter.write(path, Map.of("__metadata__", plain), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("__metadata__");
        assertThat(path).doesNotExist();
    }

    @Test
    void anEmptyFileOfTensorsIsAFile() throws IOException {
        Path path = folder.resolve("none.safetensors");
        SafetensorsWriter.write(path, Map.of(), Map.of());
        assertThat(Files.readString(path, StandardCharsets.ISO_8859_1)).endsWith("{}      ");
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.tensors()).isEmpty();
            assertThatThrownBy(() -> file.tensor("w")).hasMessageContaining("there is no tensor w, nor any other");
        }
    }

    private static Map<String, Tensor> everyDType() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            if (!dtype.safetensorsName().isEmpty()) {
                tensors.put("of " + dtype, TinyTensors.bytes(dtype, dtype.ordinal(), 2, dtype.blockElements()));
            }
        }
        tensors.put("scalar", TinyTensors.f32(Shape.of(), 5));
        tensors.put("empty", TinyTensors.f32(Shape.of(0, 4)));
        return tensors;
    }
}
