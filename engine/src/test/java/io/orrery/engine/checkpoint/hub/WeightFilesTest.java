package io.orrery.engine.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.engine.checkpoint.Checkpoint;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.TinyTensors;
import io.orrery.engine.checkpoint.pickle.PickleCheckpoint;
import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.engine.checkpoint.safetensors.SafetensorsWriter;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class WeightFilesTest {
    private static final Path PICKLED = Path.of("../../shared/golden/vision-swinv2-bin/pytorch_model.bin");
    private static final Path SAME = Path.of("../../shared/golden/vision-swinv2/model.safetensors");

    @TempDir
    Path folder;

    @Test
    void safetensorsWinOverPicklesAndFilesOverIndexes() throws IOException {
        Files.writeString(folder.resolve("pytorch_model.bin.index.json"), "{}");
        assertFails("pytorch_model.bin.index.json: weight_map must be an object");
        Files.writeString(folder.resolve("pytorch_model.bin"), "x");
        assertFails("pytorch_model.bin: the file is neither");
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{}");
        assertFails("model.safetensors.index.json: weight_map must be an object");
        weights("model.safetensors");
        assertOpens("", "model.safetensors");
    }

    @Test
    void filesOfAutoGptqWinOverThePicklesBesideThem() throws IOException {
        Files.writeString(folder.resolve("pytorch_model.bin.index.json"), "{}");
        weights("any.safetensors");
        assertOpens("{\"bits\":4,\"group_size\":64}", "any.safetensors");
        weights("gptq_model-4bit-64g.safetensors");
        assertOpens("{\"bits\":4,\"group_size\":64,\"model_file_base_name\":null}", "gptq_model-4bit-64g.safetensors");
        weights("mine.safetensors");
        assertOpens("{\"model_file_base_name\":\"mine\",\"bits\":4,\"group_size\":64}", "mine.safetensors");
        weights("gptq_model-3bit--1g.safetensors");
        assertOpens("{\"bits\":3,\"group_size\":-1}", "gptq_model-3bit--1g.safetensors");
    }

    @Test
    void shardsOfAutoGptqAreReadByTheirIndex() throws IOException {
        weights("part.safetensors");
        weights("other.safetensors");
        Files.writeString(
                folder.resolve("gptq_model-4bit-64g.safetensors.index.json"),
                "{\"weight_map\":{\"part.safetensors\":\"part.safetensors\"}}");
        assertOpens("{\"bits\":4,\"group_size\":64}", "part.safetensors");
    }

    @Test
    void aNameThatLeadsElsewhereIsRefused() {
        assertThatThrownBy(() ->
                        files("{\"model_file_base_name\":\"../x\"}").open().close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'../x', which is no name of a file");
    }

    @Test
    void pickledShardsAreReadByTheirIndex() throws IOException {
        assumeTrue(Files.exists(PICKLED), "the golden cases are not beside this checkout");
        Files.copy(PICKLED, folder.resolve("pytorch_model-00001-of-00001.bin"));
        Files.writeString(
                folder.resolve("pytorch_model.bin.index.json"),
                "{\"weight_map\":{\"classifier.bias\":\"pytorch_model-00001-of-00001.bin\"}}");
        try (Checkpoint file = files("").open()) {
            assertThat(file.tensors()).containsOnlyKeys("classifier.bias");
        }
    }

    /** Two files of transformers with the same seeds. */
    @Test
    void aFileOfTorchHoldsWhatTheSafetensorsHold() {
        assumeTrue(Files.exists(PICKLED), "the golden cases are not beside this checkout");
        AtomicInteger compared = new AtomicInteger();
        try (PickleCheckpoint pickle = PickleCheckpoint.open(PICKLED);
                SafetensorsFile same = SafetensorsFile.open(SAME)) {
            assertThat(pickle.tensors().keySet()).containsAll(same.tensors().keySet());
            same.tensors().forEach((name, want) -> {
                Tensor got = pickle.tensor(name);
                assertThat(got.dtype()).as(name).isEqualTo(want.dtype());
                assertThat(got.shape()).as(name).isEqualTo(want.shape());
                assertThat(TinyTensors.bytes(got)).as(name).isEqualTo(TinyTensors.bytes(want));
                compared.addAndGet(TinyTensors.bytes(got).length);
            });
        }
        assertThat(compared.get()).isGreaterThan(100_000);
    }

    private void weights(String name) {
        SafetensorsWriter.write(folder.resolve(name), Map.of(name, TinyTensors.f32(Shape.of(1), 1)), Map.of());
    }

    private WeightFiles files(String gptqConfig) {
        return new WeightFiles(
                folder,
                gptqConfig.isEmpty()
                        ? Optional.empty()
                        : Optional.of(JsonMapper.shared().readTree(gptqConfig)));
    }

    private void assertOpens(String gptqConfig, String name) {
        try (Checkpoint file = files(gptqConfig).open()) {
            assertThat(file.tensors()).containsOnlyKeys(name);
        }
    }

    private void assertFails(String told) {
        assertThatThrownBy(() -> files("").open().close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(told);
    }
}
