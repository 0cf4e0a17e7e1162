package io.orrery.engine.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.TinyTensors;
import io.orrery.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufShardTest {
    @TempDir
    Path folder;

    @BeforeEach
    void writeShards() {
        shard(0, 3, "a", Map.of("general.architecture", "llama", "split.tensors.count", 3));
        shard(1, 3, "b", Map.of());
        shard(2, 3, "c", Map.of());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anyShardOpensTheWholeModel(int shard) {
        try (GgufFile file = GgufFile.open(path(shard, 3))) {
            assertThat(file.tensors().keySet()).containsExactly("a", "b", "c");
            assertThat(file.tensor("c").at(0)).isEqualTo(2);
            assertThat(file.metadata().architecture()).isEqualTo("llama");
            assertThat(file.source()).isEqualTo(path(1, 3).toString());
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        Files.delete(path(2, 3));
        assertRefused(path(1, 3), "the part model-00002-of-00003.gguf of the model is missing; download it");
    }

    @Test
    void aShardUnderAnotherNameIsRefused() throws IOException {
        Path renamed = Files.move(path(2, 3), folder.resolve("second.gguf"));
        assertRefused(renamed, "the file is one of 3 parts of a model, which are found by names that end in");
        Files.copy(path(1, 3), path(2, 3));
        assertRefused(path(1, 3), "the file says that it is part 1 of 3, its name says otherwise");
        Files.copy(path(1, 3), folder.resolve("model-00001-of-00009.gguf"));
        assertRefused(folder.resolve("model-00001-of-00009.gguf"), "the file is one of 3 parts of a model");
    }

    @Test
    void aTensorInTwoShardsOrInNoneIsRefused() {
        shard(2, 3, "a", Map.of());
        assertRefused(path(1, 3), "tensor a is in two parts of the model");
        shard(0, 3, "a", Map.of("split.tensors.count", 4));
        assertRefused(path(1, 3), "the 3 parts hold 3 tensors and not the 4 of the model");
    }

    private void shard(int number, int count, String tensor, Map<String, ?> more) {
        Map<String, Object> metadata = new LinkedHashMap<>(more);
        metadata.put("split.no", number);
        metadata.put("split.count", count);
        GgufWriter.write(path(number + 1, count), metadata, Map.of(tensor, TinyTensors.f32(Shape.of(1), number)));
    }

    private Path path(int number, int count) {
        return folder.resolve(String.format("model-%05d-of-%05d.gguf", number, count));
    }

    private static void assertRefused(Path path, String told) {
        assertThatThrownBy(() -> GgufFile.open(path).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(told);
    }
}
