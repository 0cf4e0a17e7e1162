package io.orrery.engine.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Layer;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.TinyModels;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ToGgufTest {
    private static final Map<String, Object> NO_TOKENIZER =
            Map.of("tokenizer.ggml.model", "none", "tokenizer.ggml.tokens", Collections.nCopies(13, ""));

    @TempDir
    Path folder;

    private Path hub(TinyModels model) {
        ModelWriter.write(folder, model.spec(), model.config("'torch_dtype':'float32'"), model.weights());
        return folder;
    }

    private Path converted(TinyModels model, DType dtype) {
        Path gguf = folder.resolve("model.gguf");
        try (ModelFiles files = ModelFiles.open(hub(model))) {
            ToGguf.of(HostModel.of(files), dtype, NO_TOKENIZER).write(gguf, WriteOptions.plain());
        }
        return gguf;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OPT")
    void theModelInTheFileIsTheModelInTheFolder(TinyModels model) {
        try (ModelFiles gguf = ModelFiles.open(converted(model, DType.F32));
                ModelFiles hub = ModelFiles.open(folder)) {
            assertThat(heads(gguf.spec())).isEqualTo(heads(hub.spec()));
            assertThat(gguf.contextLength()).isEqualTo(hub.contextLength());
            assertThat(gguf.weights().keySet()).isEqualTo(hub.weights().keySet());
            float offset = model == TinyModels.GEMMA ? 1 : 0;
            hub.weights().forEach((name, tensor) -> {
                float[] wanted = tensor.decode();
                if (name.endsWith("_norm.weight")) {
                    for (int i = 0; i < wanted.length; i++) {
                        wanted[i] += offset;
                    }
                }
                assertThat(weight(gguf, name).decode()).as(name).isEqualTo(wanted);
            });
        }
    }

    private static Tensor weight(ModelFiles files, String name) {
        return Optional.ofNullable(files.weights().get(name)).orElseThrow();
    }

    /** What every reader of the file can know of the attention; scaled positions become tensors on the way. */
    private static List<Object> heads(CausalLm spec) {
        Attention attention = spec.text().layers().stream()
                .flatMap(Layer::attention)
                .findFirst()
                .orElseThrow();
        return List.of(
                attention.heads(),
                attention.bias(),
                attention.fused(),
                attention.rope().dims(),
                attention.rope().theta(),
                spec.head(),
                spec.text().input());
    }

    @Test
    void queriesOfLlamaAreInterleavedInTheFile() {
        try (ModelFiles hub = ModelFiles.open(hub(TinyModels.LLAMA))) {
            Tensor written = ToGguf.of(HostModel.of(hub), DType.F32, NO_TOKENIZER)
                    .tensors()
                    .get("blk.0.attn_q.weight");
            Tensor ours = weight(hub, "blk.0.attn_q.weight");
            // heads of 4 dimensions: rows 0 and 2 are a pair
            assertThat(written.decode(0, 4)).isEqualTo(rows(ours, 0, 2, 1, 3));
        }
    }

    private static float[] rows(Tensor tensor, int... rows) {
        float[] values = new float[rows.length * tensor.cols()];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(tensor.decode(rows[i], rows[i] + 1), 0, values, i * tensor.cols(), tensor.cols());
        }
        return values;
    }

    @Test
    void vectorsStayF32AndRowsThatFillNoBlocksBecomeF16() {
        try (ModelFiles gguf = ModelFiles.open(converted(TinyModels.LLAMA, DType.Q8_0))) {
            assertThat(weight(gguf, "blk.0.attn_norm.weight").dtype()).isEqualTo(DType.F32);
            assertThat(weight(gguf, "blk.0.attn_q.bias").dtype()).isEqualTo(DType.F32);
            assertThat(weight(gguf, "blk.0.attn_q.weight").dtype()).isEqualTo(DType.F16);
            assertThat(gguf.gguf().orElseThrow().integer("general.file_type")).contains(7L);
        }
    }

    @Test
    void aWindowThatLlamaCppIgnoresIsSaid() {
        try (ModelFiles hub = ModelFiles.open(hub(TinyModels.MISTRAL))) {
            assertThat(ToGguf.of(HostModel.of(hub), DType.F32, NO_TOKENIZER).losses())
                    .singleElement()
                    .asString()
                    .contains("a window of 3 tokens");
        }
    }

    @Test
    void aFamilyThatLlamaCppHasNotIsRefusedInASentence() {
        try (ModelFiles hub = ModelFiles.open(hub(TinyModels.OPT))) {
            assertThatThrownBy(() -> ToGguf.of(HostModel.of(hub), DType.F32, NO_TOKENIZER))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("llama.cpp has no architecture for models of the family 'opt'");
        }
    }

    @Test
    void aFileIsNotConvertedAgain() {
        Path gguf = converted(TinyModels.QWEN3, DType.F32);
        assertThat(Files.exists(gguf)).isTrue();
        try (ModelFiles files = ModelFiles.open(gguf)) {
            assertThatThrownBy(() -> ToGguf.of(files, Optional.empty())).hasMessageContaining("is a GGUF file already");
        }
    }
}
