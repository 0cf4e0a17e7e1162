package io.orrery.engine.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.checkpoint.hub.JsonFile;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.ModelSpec.Rope;
import io.orrery.engine.model.ModelSpec.Scaling;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.TinyModels;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToHubTest {
    @TempDir
    Path folder;

    private Path there(TinyModels model) {
        Path hub = folder.resolve("there");
        hub.toFile().mkdir();
        ModelWriter.write(hub, model.spec(), model.config(""), model.weights());
        Path gguf = folder.resolve("model.gguf");
        try (ModelFiles files = ModelFiles.open(hub)) {
            Map<String, Object> none = Map.of("tokenizer.ggml.model", "none");
            ToGguf.of(HostModel.of(files), DType.F32, none).write(gguf, WriteOptions.plain());
        }
        return gguf;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OPT")
    void aModelThatWentThereAndBackIsTheSame(TinyModels model) throws IOException {
        Path gguf = there(model);
        Path back = Files.createDirectory(folder.resolve("back"));
        try (ModelFiles files = ModelFiles.open(gguf)) {
            ToHub.write(files, back, Optional.empty(), WriteOptions.plain());
        }
        try (ModelFiles first = ModelFiles.open(folder.resolve("there"));
                ModelFiles second = ModelFiles.open(back)) {
            if (model != TinyModels.QWEN2) {
                // no key of a GGUF file says which layers have a window
                assertThat(second.spec()).isEqualTo(first.spec());
            }
            assertThat(second.contextLength()).isEqualTo(first.contextLength());
            first.weights().forEach((name, tensor) -> {
                float[] wanted = tensor.decode();
                float[] got = Optional.ofNullable(second.weights().get(name))
                        .orElseThrow()
                        .decode();
                for (int i = 0; i < wanted.length; i++) {
                    // 1 + w has fewer bits for w
                    float most = model == TinyModels.GEMMA && name.endsWith("_norm.weight") ? 2e-7f : 0;
                    assertThat(Math.abs(got[i] - wanted[i])).as(name).isLessThanOrEqualTo(most);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gguf-llama/model-f32", "gguf-gemma/model-f16", "gguf-qwen3/model-bf16", "gguf-llama/model-Q8_0"
            })
    void aGoldenFileBecomesTheFolderThatItCameFrom(String file) throws IOException {
        Path golden = Path.of("../../shared/golden/" + file + ".gguf");
        assumeTrue(Files.exists(golden), () -> "there is no " + golden.toAbsolutePath());
        try (ModelFiles files = ModelFiles.open(golden)) {
            ToHub.write(files, folder, Optional.empty(), WriteOptions.plain());
        }
        Path hub = golden.resolveSibling("hf");
        try (ModelFiles back = ModelFiles.open(folder)) {
            assertThat(back.spec()).isEqualTo(Families.fromConfig(JsonFile.object(hub.resolve("config.json"))));
            assertThat(back.tokenizer().encode("Hello, the world  12!", true))
                    .isEqualTo(TokenizerJson.read(hub.resolve("tokenizer.json")).encode("Hello, the world  12!", true));
        }
    }

    @Test
    void numbersOfLlama3AreFoundAgainInTheirDivisors() {
        for (Scaling.Llama3 scaling : List.of(
                new Scaling.Llama3(8, 1, 4, 8192),
                new Scaling.Llama3(32, 1, 4, 8192),
                new Scaling.Llama3(16, 1, 3, 2048),
                new Scaling.Llama3(8, 2, 6, 4096))) {
            Rope rope = new Rope(128, 500_000, scaling);
            Rope divided = new Rope(128, 500_000, divisors(rope));
            Scaling.Llama3 found = Llama3Fit.of(divided, (Scaling.Divisors) divided.scaling());
            assertThat(divisors(new Rope(128, 500_000, found)).values())
                    .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-4 ? 0 : Float.compare(a, b))
                    .isEqualTo(divisors(rope).values());
        }
    }

    private static Scaling.Divisors divisors(Rope rope) {
        float[] values = Optional.ofNullable(RopeTensors.of(rope).get("rope_freqs.weight"))
                .orElseThrow()
                .decode();
        List<Float> list = new ArrayList<>();
        for (float value : values) {
            list.add(value);
        }
        return new Scaling.Divisors(list);
    }

    @Test
    void divisorsThatNoNumbersMakeAreRefused() {
        Scaling.Divisors odd = new Scaling.Divisors(List.of(3f, 1f, 2f, 1f));
        assertThatThrownBy(() -> Llama3Fit.of(new Rope(8, 10_000, odd), odd))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("rope_type llama3 does not make");
    }
}
