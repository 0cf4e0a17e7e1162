package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoInfo;
import io.orrery.api.hub.RepoInfo.Ancestor;
import io.orrery.api.hub.RepoInfo.Finding;
import io.orrery.api.hub.RepoType;
import io.orrery.engine.checkpoint.gguf.GgufWriter;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void aGgufFileTellsItsFamilyContextAndQuantisation(@TempDir Path folder) throws IOException {
        Tensor embedding = tensor(DType.F32, 2, 32);
        Tensor projection = tensor(DType.Q8_0, 4, 32);
        Map<String, ?> metadata = Map.of("general.architecture", "llama", "llama.context_length", 2048);
        GgufWriter.write(
                folder.resolve("model.gguf"), metadata, Map.of("token_embd.weight", embedding, "w", projection));
        commit("inspect/gguf", Upload.bytes("model.gguf", Files.readAllBytes(folder.resolve("model.gguf"))));
        RepoInfo info = alice().info("inspect/gguf", "main");
        assertThat(info.inspection().findings()).isEmpty();
        assertThat(info.gguf()).isEqualTo(new RepoInfo.GgufFacts(192, "llama", 2048L, "Q8_0"));
        assertThat(info.tags()).contains("gguf");
    }

    @Test
    void theNameOfAMixWinsOverTheMostCommonType(@TempDir Path folder) throws IOException {
        GgufWriter.write(
                folder.resolve("model.gguf"),
                Map.of("general.architecture", "llama", "general.file_type", 15),
                Map.of("w", tensor(DType.F32, 2, 32)));
        commit("inspect/mix", Upload.bytes("model.gguf", Files.readAllBytes(folder.resolve("model.gguf"))));
        assertThat(alice().info("inspect/mix", "main").gguf())
                .isEqualTo(new RepoInfo.GgufFacts(64, "llama", null, "Q4_K_M"));
    }

    @Test
    void overlappingTensorsAreAFindingThatNamesBoth(@TempDir Path folder) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("first", tensor(DType.F32, 2, 32));
        tensors.put("second", tensor(DType.F32, 2, 32));
        GgufWriter.write(folder.resolve("model.gguf"), Map.of("general.architecture", "llama"), tensors);
        byte[] file = Files.readAllBytes(folder.resolve("model.gguf"));
        int name = new String(file, StandardCharsets.ISO_8859_1).indexOf("second");
        int offset = name + "second".length() + Integer.BYTES + 2 * Long.BYTES + Integer.BYTES;
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(offset, 32);
        commit("inspect/overlap", Upload.bytes("model.gguf", file));
        RepoInfo info = alice().info("inspect/overlap", "main");
        assertThat(info.gguf()).isNull();
        assertThat(info.inspection().findings())
                .containsExactly(new Finding(
                        "model.gguf",
                        "tensor second of F32[2, 32] overlaps tensor first: it begins at byte 32 of the data, the other"
                                + " ends at 256; the file is damaged, download it again"));
    }

    @Test
    void aSafetensorsFileCutOffInItsDataIsAFinding() {
        byte[] whole = safetensors("w", "F32", 4, 2);
        commit("inspect/cut", Upload.bytes("model.safetensors", Arrays.copyOf(whole, whole.length - 1)));
        assertThat(alice().info("inspect/cut", "main").inspection().findings())
                .containsExactly(new Finding(
                        "model.safetensors",
                        "the tensors take 32 bytes, but the file holds 31 behind its header; it is cut off, download it"
                                + " again"));
    }

    static Tensor tensor(DType dtype, long rows, long cols) {
        byte[] bytes = new byte[(int) dtype.bytes(rows * cols)];
        return new Tensor(dtype, Shape.of(rows, cols), new HostMemory(MemorySegment.ofArray(bytes)));
    }

    private void commit(String repo, Upload... files) {
        alice().commit(new CommitRequest(RepoType.MODEL, repo, "main", "Add", List.of(files)).creatingRepository());
    }

    static byte[] safetensors(String name, String type, int rows, int columns) {
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
