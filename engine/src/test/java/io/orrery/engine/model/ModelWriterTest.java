package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.hub.HubFolder;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class ModelWriterTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadUnderHuggingFacesNames(TinyModels model) {
        JsonNode config = model.config("'torch_dtype':'bfloat16'");
        Map<String, Tensor> weights = model.weights();
        ModelWriter.write(folder, model.spec(), config, weights);
        try (HubFolder read = HubFolder.open(folder)) {
            assertThat(Families.fromConfig(read.config())).isEqualTo(model.spec());
            assertThat(read.config().path("torch_dtype").asString()).isEqualTo("float32");
            assertThat(read.config().has("dtype")).isFalse();
            assertThat(read.tensors()).hasSameSizeAs(weights);
            weights.forEach((name, tensor) -> {
                Tensor back = read.tensor(WeightNames.of(model.spec()).huggingFace(name));
                assertThat(back.shape()).isEqualTo(tensor.shape());
                assertThat(back.segment().mismatch(tensor.segment())).as(name).isEqualTo(-1);
            });
        }
    }

    @Test
    void aModelThatIsNotWholeIsNotWritten() {
        Map<String, Tensor> weights = new HashMap<>(TinyModels.LLAMA.weights());
        weights.remove("blk.1.ffn_up.bias");
        assertThatThrownBy(
                        () -> ModelWriter.write(folder, TinyModels.LLAMA.spec(), TinyModels.LLAMA.config(""), weights))
                .isInstanceOf(ModelException.class)
                .hasMessageEndingWith("1 missing (blk.1.ffn_up.bias [24])");
        assertThat(folder).isEmptyDirectory();
        assertThat(Files.exists(folder)).isTrue();
    }
}
