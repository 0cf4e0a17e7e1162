package io.orrery.engine.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.TinyTensors;
import io.orrery.engine.checkpoint.safetensors.SafetensorsWriter;
import io.orrery.engine.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubFolderTest {
    @TempDir
    Path folder;

    @BeforeEach
    void writeConfig() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"llama\"}");
    }

    @Test
    void oneFileOfWeightsIsRead() {
        weights("model.safetensors", "w", 3);
        try (HubFolder hub = HubFolder.open(folder)) {
            assertThat(hub.config().path("model_type").asString()).isEqualTo("llama");
            assertThat(hub.folder()).isEqualTo(folder);
            assertThat(hub.tensor("w").at(0)).isEqualTo(3);
            assertThat(hub.json("generation_config.json")).isEmpty();
        }
    }

    @Test
    void shardsAreReadByTheirIndex() {
        weights("model-00001-of-00002.safetensors", "a", 1);
        weights("model-00002-of-00002.safetensors", "b", 2);
        index("{\"b\":\"model-00002-of-00002.safetensors\",\"a\":\"model-00001-of-00002.safetensors\"}");
        try (HubFolder hub = HubFolder.open(folder)) {
            assertThat(hub.tensors().keySet()).containsExactly("b", "a");
            assertThat(hub.tensor("a").at(0)).isEqualTo(1);
            assertThat(hub.tensor("b").at(0)).isEqualTo(2);
            assertThatThrownBy(() -> hub.tensor("c")).hasMessageStartingWith(folder + ": there is no tensor c among 2");
        }
    }

    @Test
    void oneFileWinsOverAnIndex() {
        weights("model.safetensors", "w", 3);
        index("{\"w\":\"gone.safetensors\"}");
        try (HubFolder hub = HubFolder.open(folder)) {
            assertThat(hub.tensors()).containsOnlyKeys("w");
        }
    }

    @Test
    void aShardThatALinkLeadsToIsRead(@TempDir Path elsewhere) throws IOException {
        SafetensorsWriter.write(elsewhere.resolve("blob"), Map.of("w", TinyTensors.f32(Shape.of(1), 7)), Map.of());
        Files.createSymbolicLink(folder.resolve("part.safetensors"), elsewhere.resolve("blob"));
        index("{\"w\":\"part.safetensors\"}");
        try (HubFolder hub = HubFolder.open(folder)) {
            assertThat(hub.tensor("w").at(0)).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside.safetensors", "/etc/passwd", "part/../../outside.safetensors"})
    void aShardOutsideTheFolderIsRefused(String name) {
        index("{\"w\":\"" + name + "\"}");
        assertRefused(
                "model.safetensors.index.json: weight_map names the file " + name + ", which is outside the folder");
    }

    @Test
    void aShardThatIsMissingBrokenOrWithoutTheTensorIsTold() throws IOException {
        index("{\"w\":\"part.safetensors\"}");
        assertRefused("weight_map puts tensor w into part.safetensors, which is missing");
        Files.writeString(folder.resolve("part.safetensors"), "short");
        assertRefused("part.safetensors: the file has 5 bytes");
        weights("part.safetensors", "other", 1);
        assertRefused("weight_map puts tensor w into part.safetensors, which does not hold it");
        index("{\"w\":7}");
        assertRefused("weight_map gives tensor w no file name but 7");
        index("{}");
        assertRefused("weight_map must be an object");
        index("{\"w\":\"nul\\u0000\"}");
        assertRefused("which is no file name");
    }

    @Test
    void brokenJsonIsToldWithFileAndLine() throws IOException {
        weights("model.safetensors", "w", 3);
        Files.writeString(folder.resolve("config.json"), "{\n\"a\": 1,\n\"b\" 2}");
        assertRefused("config.json: the JSON breaks at line 3: ");
        Files.writeString(folder.resolve("config.json"), "{\n\"a\": 1,\n\"a\": 2}");
        assertRefused("config.json: the JSON breaks at line 3: Duplicate");
        Files.writeString(folder.resolve("config.json"), "{}\n{}");
        assertRefused("config.json: the JSON breaks at line 2: ");
        Files.writeString(folder.resolve("config.json"), "");
        assertRefused("config.json: the ");
        Files.writeString(folder.resolve("config.json"), "[]");
        assertRefused("config.json: the file must hold a JSON object, not ARRAY");
        Files.delete(folder.resolve("config.json"));
        assertRefused("config.json: there is no such file");
    }

    @Test
    void withoutWeightsTheFolderIsListed() throws IOException {
        Files.writeString(folder.resolve("README.md"), "");
        assertRefused("there is none of model.safetensors, model.safetensors.index.json, pytorch_model.bin,"
                + " pytorch_model.bin.index.json; the folder has README.md, config.json");
        for (int i = 0; i < 30; i++) {
            Files.writeString(folder.resolve("a" + i), "");
        }
        assertRefused(" and 12 more");
    }

    @Test
    void weightsOfAnotherFormatAreNamed() throws IOException {
        Files.writeString(folder.resolve("model-Q8_0.gguf"), "");
        assertRefused("give the path of model-Q8_0.gguf itself");
        assertThatThrownBy(() -> HubFolder.open(folder.resolve("gone")))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(folder.resolve("gone") + ": there is no such folder");
    }

    private void assertRefused(String told) {
        assertThatThrownBy(() -> HubFolder.open(folder).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContaining(told);
    }

    private void weights(String fileName, String tensor, float value) {
        SafetensorsWriter.write(
                folder.resolve(fileName), Map.of(tensor, TinyTensors.f32(Shape.of(1), value)), Map.of());
    }

    private void index(String weightMap) {
        try {
            Files.writeString(
                    folder.resolve("model.safetensors.index.json"),
                    "{\"metadata\":{\"total_size\":8},\"weight_map\":" + weightMap + "}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
