package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoInfo;
import io.orrery.api.hub.RepoInfo.Profile;
import io.orrery.api.hub.RepoType;
import io.orrery.engine.checkpoint.gguf.GgufWriter;
import io.orrery.engine.tensor.DType;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import io.orrery.registry.background.Loop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

class FactsTest extends RunningRegistry {
    @Autowired
    @Qualifier("factsLoop")
    Loop factsLoop;

    @Test
    void shardsCountOnceThoughTheWeightsLieThereTwice() {
        commit(
                "facts/sharded",
                Upload.text(
                        "model.safetensors.index.json",
                        "{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\","
                                + "\"b\":\"model-00002-of-00002.safetensors\"}}"),
                Upload.bytes("model-00001-of-00002.safetensors", InspectionTest.safetensors("a", "F32", 4, 2)),
                Upload.bytes("model-00002-of-00002.safetensors", InspectionTest.safetensors("b", "F32", 3, 2)),
                Upload.bytes("consolidated.safetensors", InspectionTest.safetensors("all", "F32", 7, 2)),
                Upload.bytes("original/model.safetensors", InspectionTest.safetensors("all", "F32", 7, 2)));
        RepoInfo info = alice().info("facts/sharded", "main");
        assertThat(info.safetensors().total()).isEqualTo(14);
        assertThat(profile("facts/sharded").parameters()).isEqualTo(14);
    }

    @Test
    void aPipelineIsTheSumOfItsParts() {
        commit(
                "facts/pipeline",
                Upload.text(
                        "model_index.json",
                        "{\"_class_name\":\"StableDiffusionPipeline\",\"unet\":[\"diffusers\",\"UNet\"],"
                                + "\"text_encoder\":[\"transformers\",\"CLIPTextModel\"],"
                                + "\"safety_checker\":[null,null]}"),
                Upload.bytes("unet/diffusion_pytorch_model.safetensors", InspectionTest.safetensors("a", "F32", 4, 2)),
                Upload.bytes(
                        "unet/diffusion_pytorch_model.fp16.safetensors", InspectionTest.safetensors("a", "F32", 4, 2)),
                Upload.bytes("text_encoder/model.safetensors", InspectionTest.safetensors("b", "F32", 3, 2)),
                Upload.bytes("everything.safetensors", InspectionTest.safetensors("c", "F32", 9, 9)));
        RepoInfo info = alice().info("facts/pipeline", "main");
        assertThat(info.safetensors().total()).isEqualTo(14);
        assertThat(info.libraryName()).isEqualTo("diffusers");
        assertThat(profile("facts/pipeline").family()).isEqualTo("StableDiffusionPipeline");
    }

    @Test
    void weightsInOneFolderOfManyStepsCountOnce() {
        commit(
                "facts/steps",
                Upload.bytes("checkpoint-1/model.safetensors", InspectionTest.safetensors("a", "F32", 4, 2)),
                Upload.bytes("checkpoint-2/model.safetensors", InspectionTest.safetensors("a", "F32", 5, 2)));
        assertThat(profile("facts/steps").parameters()).isEqualTo(10);
    }

    @Test
    void everyQuantisationOfGgufFilesInFoldersIsFound(@TempDir Path folder) throws IOException {
        commit(
                "facts/ggufs",
                Upload.bytes("Q4/tiny-Q4_K_M-00001-of-00002.gguf", gguf(folder, 15, 2)),
                Upload.bytes("Q4/tiny-Q4_K_M-00002-of-00002.gguf", gguf(folder, 15, 4)),
                Upload.bytes("Q8/tiny-Q8_0.gguf", gguf(folder, 7, 6)),
                Upload.bytes("mmproj-tiny-F16.gguf", gguf(folder, 1, 8)));
        RepoInfo info = alice().info("facts/ggufs", "main");
        assertThat(info.gguf()).isEqualTo(new RepoInfo.GgufFacts(192, "llama", 2048L, "Q4_K_M"));
        assertThat(profile("facts/ggufs"))
                .isEqualTo(new Profile("llama", 192L, "F32", List.of("Q4_K_M", "Q8_0"), 2048L, null));
        assertThat(listed("quantization=Q8_0&author=facts")).contains("facts/ggufs");
        assertThat(listed("quantization=Q6_K&author=facts")).doesNotContain("facts/ggufs");
    }

    @Test
    void packedWeightsCountAsWhatTheyWere() {
        commit(
                "facts/gptq",
                Upload.text(
                        "config.json",
                        "{\"model_type\":\"qwen2\",\"max_position_embeddings\":4096,"
                                + "\"quantization_config\":{\"quant_method\":\"gptq\",\"bits\":4}}"),
                Upload.bytes(
                        "model.safetensors",
                        tensors("a.qweight", "I32", 10, "a.qzeros", "I32", 3, "a.scales", "F32", 2, "n", "F32", 5)));
        assertThat(profile("facts/gptq"))
                .isEqualTo(new Profile("qwen2", 85L, "I32", List.of("gptq-4bit"), 4096L, null));
        commit(
                "facts/bnb",
                Upload.text(
                        "config.json",
                        "{\"model_type\":\"llama\",\"quantization_config\":{\"quant_method\":\"bitsandbytes\","
                                + "\"load_in_4bit\":true}}"),
                Upload.bytes(
                        "model.safetensors",
                        tensors("w.weight", "U8", 20, "w.weight.absmax", "F32", 4, "n", "F32", 5)));
        assertThat(profile("facts/bnb").parameters()).isEqualTo(45);
        assertThat(profile("facts/bnb").quantizations()).containsExactly("bnb-4bit");
        assertThat(alice().info("facts/gptq", "main").tags()).contains("gptq", "4-bit");
    }

    @Test
    void modelsAreFoundBySizeFamilyContextAndLicence() {
        commit(
                "facts/found",
                Upload.text("README.md", "---\nlicense: mit\nlibrary_name: transformers\n---\n"),
                Upload.text("config.json", "{\"model_type\":\"llama\",\"text_config\":{\"n_positions\":1024}}"),
                Upload.bytes("model.safetensors", InspectionTest.safetensors("a", "F32", 30, 50)));
        String mine = "author=facts&search=found&";
        for (String match : List.of(
                "num_parameters=min:1K,max:2K",
                "num_parameters=max:0.0015M",
                "family=llama",
                "context_length=min:1024",
                "license=mit",
                "filter=license:mit",
                "library=transformers",
                "dtype=F32")) {
            assertThat(listed(mine + match)).as(match).contains("facts/found");
        }
        for (String miss : List.of(
                "num_parameters=min:2K",
                "family=qwen2",
                "context_length=min:1025",
                "license=apache-2.0",
                "dtype=BF16")) {
            assertThat(listed(mine + miss)).as(miss).isEqualTo("[]");
        }
        assertThat(get("/api/models?num_parameters=min:x").statusCode()).isEqualTo(400);
    }

    @Test
    void aDatasetIsFoundByWhatItsCardSays() {
        alice().commit(new CommitRequest(
                        RepoType.DATASET,
                        "facts/data",
                        "main",
                        "Add",
                        List.of(Upload.text(
                                "README.md",
                                "---\nlanguage: [de, en]\nsize_categories: 1K<n<10K\n"
                                        + "task_categories:\n- text-generation\nlicense: cc-by-4.0\n---\n"
                                        + "See https://arxiv.org/abs/2106.09685.")))
                .creatingRepository());
        RepoInfo info = alice().info(RepoType.DATASET, "facts/data", "main");
        assertThat(info.tags())
                .contains(
                        "language:de",
                        "size_categories:1K<n<10K",
                        "task_categories:text-generation",
                        "license:cc-by-4.0",
                        "arxiv:2106.09685")
                .doesNotContain("de");
        assertThat(get("/api/datasets?filter=task_categories:text-generation&filter=language:en")
                        .body())
                .contains("facts/data");
    }

    @Test
    void weightsInPicklesAloneAreAFinding() {
        commit("facts/pickle", Upload.text("pytorch_model.bin", "anything"), Upload.text("training_args.bin", "x"));
        assertThat(alice().info("facts/pickle", "main").inspection().findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.path()).isEqualTo("pytorch_model.bin");
                    assertThat(finding.message()).contains("safetensors").contains("/api/conversions");
                });
        commit("facts/pickle", Upload.bytes("model.safetensors", InspectionTest.safetensors("a", "F32", 4, 2)));
        assertThat(alice().info("facts/pickle", "main").inspection().findings()).isEmpty();
    }

    @Test
    void commitsThatAnOlderCollectorSawAreCollectedAgain() {
        commit(
                "facts/old",
                Upload.text("config.json", "{\"model_type\":\"llama\"}"),
                Upload.bytes("model.safetensors", InspectionTest.safetensors("a", "F32", 4, 2)));
        long repo = jdbc.sql("select id from repo where name = 'facts/old'")
                .query(Long.class)
                .single();
        jdbc.sql("delete from content_facts").update();
        jdbc.sql("update commit_facts set version = 0, family = null, parameters = null where repo_id = :repo")
                .param("repo", repo)
                .update();
        factsLoop.stop();
        factsLoop.start();
        eventually(() -> jdbc.sql("select count(*) from commit_facts where repo_id = :repo and version = 0")
                        .param("repo", repo)
                        .query(Long.class)
                        .single()
                == 0);
        assertThat(profile("facts/old").family()).isEqualTo("llama");
        assertThat(profile("facts/old").parameters()).isEqualTo(8);
    }

    private Profile profile(String repo) {
        return alice().info(repo, "main").inspection().profile();
    }

    private String listed(String query) {
        return get("/api/models?" + query).body();
    }

    private void commit(String repo, Upload... files) {
        alice().commit(new CommitRequest(RepoType.MODEL, repo, "main", "Add", List.of(files)).creatingRepository());
    }

    private static byte[] gguf(Path folder, int fileType, long rows) throws IOException {
        Path file = folder.resolve("made.gguf");
        GgufWriter.write(
                file,
                Map.of("general.architecture", "llama", "llama.context_length", 2048, "general.file_type", fileType),
                Map.of("w", InspectionTest.tensor(DType.F32, rows, 32)));
        return Files.readAllBytes(file);
    }

    /** A safetensors file of vectors: names, types and lengths by turns. */
    private static byte[] tensors(Object... described) {
        StringBuilder header = new StringBuilder("{");
        int at = 0;
        for (int i = 0; i < described.length; i += 3) {
            int count = (int) described[i + 2];
            int end = at + count * (described[i + 1].equals("U8") ? 1 : 4);
            header.append(i == 0 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
                            .formatted(described[i], described[i + 1], count, at, end));
            at = end;
        }
        byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + at)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }
}
