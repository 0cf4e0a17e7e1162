package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.gguf.GgufWriter;
import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Bias;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.model.ModelSpec.QkNorm;
import io.orrery.engine.model.ModelSpec.Rope;
import io.orrery.engine.model.ModelSpec.Scaling;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Opening a GGUF file: sizes from metadata, biases and head from the tensors, rows of queries and keys put back. */
class GgufModelFilesTest {
    @TempDir
    Path temp;

    @Test
    void aLlamaFileIsTheModelThatItWasConvertedFrom() {
        Map<String, Tensor> weights = permuted(TinyModels.LLAMA_TIED, 4, 4);
        Map<String, Object> metadata = metadata("llama", 4);
        metadata.put("llama.rope.scaling.type", "linear");
        metadata.put("llama.rope.scaling.factor", 2.0f);
        metadata.put("tokenizer.ggml.eos_token_id", 2);
        metadata.put("tokenizer.ggml.eot_token_id", 9);
        try (ModelFiles files = ModelFiles.open(write(metadata, weights))) {
            assertThat(files.spec()).isEqualTo(TinyModels.LLAMA_TIED.spec());
            assertThat(files.name()).isEqualTo("tiny");
            assertThat(files.contextLength()).isEqualTo(99);
            assertThat(files.stopTokens()).containsExactlyInAnyOrder(2, 9);
            assertThat(files.gguf()).isPresent();
            assertThat(files.config()).isEmpty();
            sameBytes(files.weights(), TinyModels.LLAMA_TIED.weights());
        }
    }

    @Test
    void divisorsOfFrequenciesBecomePartOfTheModel() {
        Map<String, Tensor> weights = permuted(TinyModels.LLAMA, 4, 2);
        weights.put("rope_freqs.weight", tensor(1, 8));
        try (ModelFiles files = ModelFiles.open(write(metadata("llama", 2), weights))) {
            Attention attention = attention(files);
            assertThat(attention.rope()).isEqualTo(new Rope(4, 10_000, new Scaling.Divisors(List.of(1f, 8f))));
            assertThat(attention.bias()).isEqualTo(Bias.QKV_AND_OUTPUT);
            assertThat(files.spec().head().tied()).isFalse();
            sameBytes(files.weights(), TinyModels.LLAMA.weights());
        }
    }

    @Test
    void qwenFilesAreNotPermuted() {
        Map<String, Object> metadata = metadata("qwen3", 2);
        metadata.put("qwen3.attention.key_length", 6);
        metadata.put("qwen3.attention.value_length", 6);
        try (ModelFiles files = ModelFiles.open(write(metadata, TinyModels.QWEN3.weights()))) {
            assertThat(files.spec()).isEqualTo(TinyModels.QWEN3.spec());
            sameBytes(files.weights(), TinyModels.QWEN3.weights());
        }
        try (ModelFiles files = ModelFiles.open(write(metadata("qwen2", 1), TinyModels.QWEN2.weights()))) {
            assertThat(attention(files).bias()).isEqualTo(Bias.QKV);
            assertThat(attention(files).qkNorm()).isEqualTo(new QkNorm.None());
            assertThat(files.spec().text().outputNorm()).isEqualTo(new Norm.Rms(1e-6f));
        }
    }

    @Test
    void factorsOfLongContextsBecomePartOfTheModel() {
        Map<String, Object> metadata = metadata("phi3", 4);
        metadata.put("phi3.attention.layer_norm_rms_epsilon", 1e-5f);
        metadata.put("phi3.attention.sliding_window", 0);
        metadata.put("phi3.rope.scaling.original_context_length", 4);
        metadata.put("phi3.rope.scaling.attn_factor", (float) Math.sqrt(1 + Math.log(77 / 4.0) / Math.log(4)));
        Map<String, Tensor> weights = TinyModels.PHI3_LONG.weights();
        weights.put("rope_factors_short.weight", tensor(1.5f, 1.5f));
        Path half = write(metadata, weights);
        assertThatThrownBy(() -> ModelFiles.open(half)).hasMessageContaining("has only one of rope_factors_short");
        weights.put("rope_factors_long.weight", tensor(4, 4));
        try (ModelFiles files = ModelFiles.open(write(metadata, weights))) {
            assertThat(files.spec()).isEqualTo(TinyModels.PHI3_LONG.spec());
        }
    }

    @Test
    void starcoderFilesHaveBiasesAndNoGate() {
        Map<String, Object> metadata = metadata("starcoder2", 2);
        metadata.put("starcoder2.attention.layer_norm_epsilon", 1e-5f);
        metadata.put("starcoder2.attention.sliding_window", 3);
        try (ModelFiles files = ModelFiles.open(write(metadata, TinyModels.STARCODER2.weights()))) {
            assertThat(files.spec()).isEqualTo(TinyModels.STARCODER2.spec());
        }
    }

    @Test
    void gemmaFilesHoldNormsAsTheyAreMultipliedWith() {
        Map<String, Object> metadata = metadata("gemma", 2);
        metadata.put("gemma.attention.key_length", 6);
        metadata.put("gemma.attention.value_length", 6);
        try (ModelFiles files = ModelFiles.open(write(metadata, TinyModels.GEMMA.weights()))) {
            assertThat(files.spec().text().input())
                    .isEqualTo(TinyModels.GEMMA.spec().text().input());
            assertThat(files.spec().text().outputNorm()).isEqualTo(new Norm.Rms(1e-6f, 0));
            assertThat(attention(files)).isEqualTo(attention(TinyModels.GEMMA.spec()));
            assertThat(files.spec().head().tied()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "general.architecture|mamba|architecture 'mamba' is not supported; supported are [gemma, llama, phi3, qwen2, qwen3, starcoder2]",
                "llama.rope.scaling.type|yarn|rope.scaling.type 'yarn' is not supported"
            })
    void whatIsNotRunIsASentence(String key, String value, String message) {
        Map<String, Object> metadata = metadata("llama", 4);
        metadata.put(key, value);
        Path file = write(metadata, permuted(TinyModels.LLAMA_TIED, 4, 4));
        assertThatThrownBy(() -> ModelFiles.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void sizesThatMakeNoSenseAreASentence() {
        Map<String, Tensor> weights = permuted(TinyModels.LLAMA_TIED, 4, 4);
        Map<String, Object> metadata = metadata("llama", 4);
        metadata.put("llama.block_count", 0);
        Path none = write(metadata, weights);
        assertThatThrownBy(() -> ModelFiles.open(none)).hasMessageContaining("llama.block_count in the metadata is 0");
        metadata.put("llama.block_count", new int[] {2, 3});
        Path differing = write(metadata, weights);
        assertThatThrownBy(() -> ModelFiles.open(differing)).hasMessageContaining("differs by layer");
        metadata.remove("llama.block_count");
        Path absent = write(metadata, weights);
        assertThatThrownBy(() -> ModelFiles.open(absent)).hasMessageContaining("the metadata has no llama.block_count");
    }

    @Test
    void aBlockFormatThatIsNotReadNamesTheTensor() {
        Map<String, Tensor> weights = permuted(TinyModels.LLAMA_TIED, 4, 4);
        weights.put(
                "blk.0.ffn_up.weight",
                new Tensor(DType.I8, Shape.of(24, 16), new HostMemory(MemorySegment.ofArray(new byte[24 * 16]))));
        Path file = write(metadata("llama", 4), weights);
        assertThatThrownBy(() -> ModelFiles.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("blk.0.ffn_up.weight cannot be computed with: there is no block format for I8");
    }

    private Path write(Map<String, Object> metadata, Map<String, Tensor> weights) {
        Path file = temp.resolve("tiny.gguf");
        GgufWriter.write(file, metadata, weights);
        return file;
    }

    private static Map<String, Object> metadata(String architecture, int kvHeads) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", architecture);
        metadata.put(architecture + ".context_length", 99);
        metadata.put(architecture + ".embedding_length", 16);
        metadata.put(architecture + ".block_count", 2);
        metadata.put(architecture + ".feed_forward_length", 24);
        metadata.put(architecture + ".attention.head_count", 4);
        metadata.put(architecture + ".attention.head_count_kv", kvHeads);
        metadata.put(architecture + ".attention.layer_norm_rms_epsilon", 1e-6f);
        metadata.put("tokenizer.ggml.tokens", Collections.nCopies(TinyModels.VOCAB, "t"));
        return metadata;
    }

    /** The weights with queries and keys as the converter writes them: W.reshape(heads, 2, dim / 2, in).swapaxes(1, 2). */
    private static Map<String, Tensor> permuted(TinyModels model, int heads, int kvHeads) {
        Map<String, Tensor> weights = new LinkedHashMap<>(model.weights());
        weights.replaceAll((name, tensor) -> {
            if (name.contains("attn_q.")) {
                return permuted(tensor, heads);
            }
            return name.contains("attn_k.") ? permuted(tensor, kvHeads) : tensor;
        });
        return weights;
    }

    private static Tensor permuted(Tensor tensor, int heads) {
        int rows = Math.toIntExact(tensor.shape().dims().getFirst());
        int cols = (int) tensor.elements() / rows;
        int dim = rows / heads;
        float[] values = new float[rows * cols];
        for (int head = 0; head < heads; head++) {
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < dim / 2; i++) {
                    for (int c = 0; c < cols; c++) {
                        values[(head * dim + 2 * i + half) * cols + c] =
                                tensor.at((long) (head * dim + half * dim / 2 + i) * cols + c);
                    }
                }
            }
        }
        return new Tensor(DType.F32, tensor.shape(), new HostMemory(MemorySegment.ofArray(values)));
    }

    private static Tensor tensor(float... values) {
        return new Tensor(DType.F32, Shape.of(values.length), new HostMemory(MemorySegment.ofArray(values)));
    }

    private static Attention attention(ModelFiles files) {
        return attention(files.spec());
    }

    private static Attention attention(CausalLm spec) {
        return spec.text().layers().getFirst().attention().findFirst().orElseThrow();
    }

    private static void sameBytes(Map<String, Tensor> found, Map<String, Tensor> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, tensor) -> assertThat(bytes(tensor).mismatch(bytes(found.get(name))))
                .as(name)
                .isEqualTo(-1));
    }

    private static MemorySegment bytes(Tensor tensor) {
        return tensor.copyTo(Arena.ofAuto()).segment();
    }
}
