package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoInfo;
import io.orrery.api.hub.RepoInfo.Ancestor;
import io.orrery.api.hub.RepoInfo.Finding;
import io.orrery.api.hub.RepoType;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InspectionTest extends RunningRegistry {
    private static final String CARD = """
            ---
            license: apache-2.0
            tags: [tiny, demo]
            datasets: lab/facts
            base_model: lab/base
            ---
            # A model
            """;

    @Test
    void whatTheFilesSayIsInTheInfo() {
        commit(
                "inspect/good",
                Upload.text("README.md", CARD),
                Upload.text(
                        "config.json",
                        "{\"model_type\":\"llama\",\"architectures\":[\"LlamaForCausalLM\"],\"hidden_size\":8}"),
                Upload.bytes("model.safetensors", safetensors("w", "F32", 4, 2)));
        RepoInfo info = alice().info("inspect/good", "main");
        assertThat(info.safetensors()).isEqualTo(new RepoInfo.SafetensorsFacts(Map.of("F32", 8L), 8));
        assertThat(info.config())
                .isEqualTo(Map.of("model_type", "llama", "architectures", List.of("LlamaForCausalLM")));
        assertThat(info.pipelineTag()).isEqualTo("text-generation");
        assertThat(info.libraryName()).isEqualTo("transformers");
        assertThat(info.cardData()).containsEntry("license", "apache-2.0");
        assertThat(info.tags())
                .contains(
                        "tiny",
                        "demo",
                        "license:apache-2.0",
                        "dataset:lab/facts",
                        "base_model:lab/base",
                        "base_model:finetune:lab/base",
                        "safetensors",
                        "llama");
        assertThat(info.inspection().findings()).isEmpty();
        assertThat(get("/api/models?filter=tiny&filter=llama").body()).contains("inspect/good");
        assertThat(get("/api/models?filter=tiny,nothing").body()).isEqualTo("[]");
        assertThat(get("/api/models?pipeline_tag=text-generation&author=INSPECT")
                        .body())
                .contains("inspect/good");
        assertThat(get("/api/models/inspect/good?expand=sha&expand=tags").body())
                .contains("\"sha\"", "\"_id\"")
                .doesNotContain("siblings");
    }

    @Test
    void anAdapterNamesItsBase() {
        commit(
                "inspect/adapter",
                Upload.text(
                        "adapter_config.json",
                        "{\"base_model_name_or_path\":\"lab/base\",\"revision\":\"" + "a".repeat(40) + "\",\"r\":8}"),
                Upload.bytes("adapter_model.safetensors", safetensors("w.lora_A.weight", "F32", 8, 4)));
        RepoInfo info = alice().info("inspect/adapter", "main");
        assertThat(info.libraryName()).isEqualTo("peft");
        assertThat(info.inspection().lineage())
                .containsExactly(new Ancestor("lab/base", "adapter", "a".repeat(40), "adapter_config.json"));
        assertThat(info.tags()).contains("base_model:adapter:lab/base");
        assertThat(info.safetensors().total()).isEqualTo(32);
    }

    @Test
    void brokenFilesAreFindingsAndNoReasonToRefuse() {
        byte[] truncated = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(5000)
                .putInt(7)
                .array();
        commit(
                "inspect/broken",
                Upload.text("README.md", "---\nlicense: [mit\n---\n"),
                Upload.text("config.json", "{\n\"model_type\": \"llama\",,\n}"),
                Upload.bytes("model.safetensors", truncated),
                Upload.text("model.gguf", "GGUX and more of it"));
        RepoInfo info = alice().info("inspect/broken", "main");
        assertThat(info.safetensors()).isNull();
        assertThat(info.inspection().findings())
                .extracting(Finding::path)
                .containsExactlyInAnyOrder("README.md", "config.json", "model.safetensors", "model.gguf");
        assertThat(info.inspection().findings())
                .filteredOn(finding -> finding.path().equals("config.json"))
                .extracting(Finding::message)
                .first()
                .asString()
                .contains("config.json breaks at line 2");
        assertThat(get("/inspect/broken/resolve/main/model.gguf").body()).isEqualTo("GGUX and more of it");
    }

    private void commit(String repo, Upload... files) {
        alice().commit(new CommitRequest(RepoType.MODEL, repo, "main", "Add", List.of(files)).creatingRepository());
    }

    private static byte[] safetensors(String name, String type, int rows, int columns) {
        int bytes = rows * columns * 4;
        byte[] header = ("{\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":[" + rows + "," + columns
                        + "],\"data_offsets\":[0," + bytes + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }
}
