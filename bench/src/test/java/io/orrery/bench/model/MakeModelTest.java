package io.orrery.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MakeModelTest {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

    @TempDir
    Path folder;

    private Path made(String shape, String type, String name) throws IOException {
        Path out = folder.resolve(name);
        MakeModel.make(MakeModel.Order.of("--shape", shape, "--type", type, out.toString()), NOWHERE);
        return out;
    }

    private static Tensor weight(ModelFiles files, String name) {
        return Optional.ofNullable(files.weights().get(name)).orElseThrow();
    }

    @Test
    void everyShapeIsAModel() {
        MakeModel.shapes()
                .forEach(shape ->
                        assertThat(Families.fromConfig(shape).text().layers()).isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-llama", "tiny-qwen3", "tiny-gemma", "tiny-phi3", "tiny-starcoder2"})
    void aFolderAndAFileOpenAndTokenize(String shape) throws IOException {
        for (Path path : new Path[] {made(shape, "bf16", "folder"), made(shape, "q4_k_m", "model.gguf")}) {
            try (ModelFiles files = ModelFiles.open(path)) {
                int[] ids = files.tokenizer().encode("the quick fox", true);
                assertThat(files.tokenizer().decode(ids, true)).isEqualTo("the quick fox");
                assertThat(files.tokenizer().vocabSize()).isEqualTo(512);
                assertThat(files.chatFormat()).isPresent();
            }
        }
    }

    @Test
    void weightsAreSpreadAsTheyShouldBeAndNoTwoRowsAreAlike() throws IOException {
        try (ModelFiles files = ModelFiles.open(made("tiny-llama", "f32", "m"))) {
            Tensor up = weight(files, "blk.1.ffn_up.weight");
            double squares = 0;
            for (float value : up.decode()) {
                squares += value * value;
            }
            assertThat(Math.sqrt(squares / up.elements())).isBetween(0.019, 0.021);
            assertThat(up.decode(0, 1)).isNotEqualTo(up.decode(1, 2));
            assertThat(weight(files, "output_norm.weight").decode()[0]).isBetween(0.8f, 1.2f);
        }
    }

    @Test
    void theSameSeedMakesTheSameBytes() throws IOException {
        assertThat(Files.mismatch(made("tiny-qwen3", "q6_k", "a.gguf"), made("tiny-qwen3", "q6_k", "b.gguf")))
                .isEqualTo(-1);
        try (ModelFiles files = ModelFiles.open(folder.resolve("a.gguf"))) {
            assertThat(weight(files, "blk.0.attn_q.weight").dtype()).isEqualTo(DType.Q6_K);
        }
    }

    @Test
    void whatIsNoOrderIsASentence() {
        assertThatThrownBy(() -> MakeModel.Order.of("--shape", "tiny-llama"))
                .hasMessageStartingWith("usage: bench/make-model");
        assertThatThrownBy(() -> made("tiny-lama", "bf16", "x")).hasMessageContaining("there is no shape tiny-lama");
        assertThatThrownBy(() -> made("tiny-llama", "q4_0", "x"))
                .hasMessageContaining("a folder holds f32, f16 or bf16");
    }
}
