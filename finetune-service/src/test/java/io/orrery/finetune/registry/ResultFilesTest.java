package io.orrery.finetune.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.finetune.access.Caller;
import io.orrery.finetune.registry.Publication.Lineage;
import io.orrery.finetune.registry.Publication.Loss;
import io.orrery.hub.Upload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFilesTest {
    private static final String COMMIT = "c".repeat(40);
    private static final String DATA = "d".repeat(64);

    @TempDir
    Path folder;

    @BeforeEach
    void weights() throws IOException {
        Files.writeString(folder.resolve("adapter_model.safetensors"), "weights");
    }

    @Test
    void anAdapterNamesItsBaseByRepositoryAndCommit() throws IOException {
        Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"peft_type\":\"LORA\",\"base_model_name_or_path\":\"/tmp/x\",\"revision\":null,\"r\":8}");
        Map<String, String> files = files(losses(3));

        assertThat(files.keySet())
                .containsExactlyInAnyOrder(
                        "README.md", "finetune.json", "adapter_config.json", "adapter_model.safetensors");
        assertThat(files.get("adapter_config.json"))
                .contains(
                        "\"base_model_name_or_path\" : \"lab/base\"", "\"revision\" : \"" + COMMIT + "\"", "\"r\" : 8");
        assertThat(files.get("README.md"))
                .startsWith("---\nbase_model: lab/base\nbase_model_relation: adapter\nbase_model_revision: " + COMMIT)
                .contains("library_name: peft", "`" + DATA + "`", "\"n_epochs\" : 3", "| 2 | 0.5000 | 0.2500 |");
        assertThat(files.get("finetune.json")).contains("\"training_sha256\" : \"" + DATA + "\"");
    }

    @Test
    void aWholeModelIsCalledOne() throws IOException {
        assertThat(files(losses(1)).get("README.md"))
                .contains("base_model_relation: finetune", "library_name: transformers", "A fine-tuned copy");
    }

    @Test
    void theSameResultIsTheSameFiles() throws IOException {
        assertThat(files(losses(7))).isEqualTo(files(losses(7)));
    }

    @Test
    void aLongRunIsToldInAFewRowsWithTheLast() throws IOException {
        String card = files(IntStream.rangeClosed(1, 10_000)
                        .mapToObj(step -> new Loss(step, 1.0 / step, Optional.empty()))
                        .toList())
                .get("README.md");
        assertThat(card.lines().filter(line -> line.matches("\\| \\d+ \\|.*"))).hasSizeBetween(20, 30);
        assertThat(card).contains("| 10000 | 0.0001 |");
    }

    private static List<Loss> losses(int steps) {
        return IntStream.rangeClosed(1, steps)
                .mapToObj(step -> new Loss(step, 1.0 / step, step == 2 ? Optional.of(0.25) : Optional.empty()))
                .toList();
    }

    private Map<String, String> files(List<Loss> losses) throws IOException {
        Lineage lineage =
                new Lineage("ftjob-1", "lab/base", COMMIT, DATA, Optional.empty(), Map.of("n_epochs", 3), 42, losses);
        return ResultFiles.of(new Publication(new Caller("alice", "lab"), "lab/out", folder, lineage)).stream()
                .collect(Collectors.toMap(Upload::path, ResultFilesTest::text));
    }

    private static String text(Upload upload) {
        return switch (upload) {
            case Upload.OfBytes bytes -> new String(bytes.content(), StandardCharsets.UTF_8);
            case Upload.OfFile file -> {
                try {
                    yield Files.readString(file.source());
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        };
    }
}
