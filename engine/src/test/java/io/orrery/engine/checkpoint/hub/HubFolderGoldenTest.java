package io.orrery.engine.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Folders that transformers wrote, one file or shards, and the recorded tensors beside them. */
class HubFolderGoldenTest {
    private static final Path GOLDEN = Path.of("../../shared/golden");

    @Test
    void foldersOfTransformersAreOpened() throws IOException {
        assumeTrue(Files.isDirectory(GOLDEN), "the golden cases are not beside this checkout");
        List<Path> cases;
        try (Stream<Path> folders = Files.list(GOLDEN)) {
            cases = folders.filter(folder -> folder.getFileName().toString().startsWith("llm-"))
                    .toList();
        }
        assertThat(cases).isNotEmpty();
        for (Path folder : cases) {
            try (HubFolder hub = HubFolder.open(folder)) {
                assertThat(hub.config().path("model_type").asString())
                        .as(folder + "")
                        .isNotEmpty();
                assertThat(hub.tensors().size()).as(folder + "").isGreaterThan(10);
            }
            assertRecordedTensors(
                    folder, JsonFile.object(folder.resolve("golden.json")).path("tensors"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quant-gptq",
                "quant-gptq-desc-act",
                "quant-gptq-v2",
                "quant-nf4-double",
                "quant-nf4-single",
                "train-llama-qlora/base"
            })
    void weightsOfPublishedLayoutsAreExact(String folder) {
        Path hub = GOLDEN.resolve(folder);
        assumeTrue(Files.isDirectory(hub), "the golden cases are not beside this checkout");
        Path recorded =
                folder.endsWith("base") ? hub.resolveSibling("golden.safetensors") : hub.resolve("golden.safetensors");
        try (HubFolder got = HubFolder.open(hub);
                SafetensorsFile want = SafetensorsFile.open(recorded)) {
            List<String> names = want.tensors().keySet().stream()
                    .filter(name -> name.startsWith("dequant."))
                    .toList();
            assertThat(names).isNotEmpty();
            for (String name : names) {
                assertThat(got.tensor(name.substring("dequant.".length())).decode())
                        .as(name)
                        .isEqualTo(want.tensor(name).decode());
            }
        }
    }

    private static void assertRecordedTensors(Path folder, JsonNode recorded) {
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("golden.safetensors"))) {
            assertThat(file.tensors().keySet()).containsExactlyInAnyOrderElementsOf(recorded.propertyNames());
            for (String name : recorded.propertyNames()) {
                Tensor tensor = file.tensor(name);
                assertThat(tensor.shape().dims())
                        .as(folder + " " + name)
                        .isEqualTo(recorded.path(name)
                                .path("shape")
                                .valueStream()
                                .map(JsonNode::asLong)
                                .toList());
            }
        }
    }
}
