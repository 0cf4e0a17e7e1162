package io.orrery.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import io.orrery.cli.model.TinyModel;
import io.orrery.cli.platform.StubPlatform;
import io.orrery.engine.checkpoint.gguf.GgufWriter;
import io.orrery.engine.checkpoint.safetensors.SafetensorsWriter;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.Weights;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PlanCommandTest {
    private static final String CONFIG = """
            {"model_type": "llama", "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 2, "num_attention_heads": 4,
             "num_key_value_heads": 2, "vocab_size": 1000, "max_position_embeddings": 2048%s}
            """;

    @TempDir
    Path home;

    private JsonNode json(String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[0] = "plan";
        all[all.length - 1] = "--json";
        CommandRun run = CommandRun.of(home, all);
        assertThat(run.exit()).as(run.err()).isZero();
        return JsonMapper.shared().readTree(run.out());
    }

    private Path config(String more) throws IOException {
        return Files.writeString(home.resolve("config.json"), CONFIG.formatted(more));
    }

    @Test
    void everyPartIsNamedAndTheyAddUp() throws IOException {
        JsonNode plan = json(config("").toString(), "--gpu", "24GB");
        assertThat(plan.path("parameters").asLong()).isEqualTo(1_692_928);
        assertThat(plan.path("answering").size()).isGreaterThan(5);
        for (JsonNode way : plan.path("answering").values()) {
            long sum =
                    way.path("parts").valueStream().mapToLong(JsonNode::asLong).sum();
            assertThat(way.path("bytes").asLong()).isEqualTo(sum);
            assertThat(way.path("context").asInt()).isEqualTo(2048);
        }
        assertThat(plan.path("training")
                        .valueStream()
                        .map(way -> way.path("method").asString()))
                .containsExactly("full", "lora", "qlora");
        assertThat(plan.path("device").path("bytes").asLong()).isEqualTo(24L << 30);
    }

    @Test
    void aPersonReadsAVerdict() throws IOException {
        CommandRun run = CommandRun.of(home, "plan", config("").toString(), "--gpu", "rtx-4090", "--context", "512");
        assertThat(run.out())
                .contains("keys and values", "together", "QLoRA of rank 16 beside NF4")
                .contains("On rtx-4090 (24.00 GiB): Answering 512 tokens fits in BF16 with")
                .contains("(it was made for 2048)")
                .contains("Training on 512 tokens fits by training all weights with");
        assertThat(CommandRun.of(home, "plan", config("").toString()).out()).doesNotContain("FITS", "On ");
    }

    @Test
    void whatDoesNotFitIsSaidInASentence() throws IOException {
        CommandRun run = CommandRun.of(home, "plan", config("").toString(), "--gpu", "0.5GB");
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("Answering does not fit: Q2_K alone")
                .contains("Training does not fit, not even by QLoRA");
    }

    @Test
    void aSmallerDeviceAnswersFewerTokens() throws IOException {
        CommandRun run = CommandRun.of(
                home, "plan", config("").toString(), "--gpu", "1.3GB", "--context", "200000", "--method", "qlora");
        assertThat(run.out()).contains("Training on 200000 tokens does not fit; by QLoRA of rank 16 beside NF4 up to ");
    }

    @Test
    void namedFormatMethodAndTargetsAreTaken() throws IOException {
        JsonNode plan = json(
                config("").toString(),
                "--quant",
                "q4_k_m",
                "--method",
                "lora",
                "--rank",
                "8",
                "--targets",
                "q_proj,v_proj");
        assertThat(plan.path("answering").path(0).path("format").asString()).isEqualTo("Q4_K_M");
        assertThat(plan.path("training").path(0).path("trainable").asLong()).isEqualTo(2 * 8 * (256 + 256 + 256 + 128));
        CommandRun run = CommandRun.of(home, "plan", config("").toString(), "--targets", "nothing");
        assertThat(run.err()).contains("the model has none of the projections of --targets");
    }

    @Test
    void aQuantisedFolderIsPlannedByItsOwnBytes() throws IOException {
        config(", \"quantization_config\": {\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true}");
        SafetensorsWriter.write(
                home.resolve("model.safetensors"), Map.of("a", Tensor.of(new float[300], 300)), Map.of());
        JsonNode plan = json(home.toString());
        assertThat(plan.path("quantization").asString()).isEqualTo("NF4_SINGLE");
        assertThat(plan.path("answering")
                        .path(0)
                        .path("parts")
                        .path("weights, F32")
                        .asLong())
                .isEqualTo(1200);
        CommandRun full = CommandRun.of(home, "plan", home.toString(), "--method", "full");
        assertThat(full.exit()).isEqualTo(1);
        assertThat(full.err()).contains("quantised as NF4_SINGLE already", "--method qlora");
    }

    @Test
    void aQuantisedConfigAloneSaysHow() throws IOException {
        String path = config(", \"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4, \"group_size\": 64}")
                .toString();
        assertThat(json(path).path("quantization").asString()).isEqualTo("GPTQ_G64");
        config("");
        Files.writeString(home.resolve("quantize_config.json"), "{\"bits\": 4, \"group_size\": 128}");
        assertThat(json(path).path("quantization").asString()).isEqualTo("GPTQ_G128");
    }

    @Test
    void aGgufFileIsPlannedByItsOwnBytes() throws IOException {
        JsonNode plan = json(gguf(Integer.MAX_VALUE).toString());
        assertThat(plan.path("quantization").asString()).isEqualTo("Q8_0");
        assertThat(plan.path("context_length").asInt()).isEqualTo(128);
        assertThat(plan.path("answering")
                        .path(0)
                        .path("parts")
                        .path("weights, Q8_0")
                        .asLong())
                .isEqualTo(DType.Q8_0.bytes(256 * 1000 * 2 + 2 * (256 * 256 * 2 + 2 * 256 * 128 + 3 * 256 * 512)));
    }

    @Test
    void aFileThatIsNotWholeIsRefused() throws IOException {
        CommandRun run = CommandRun.of(home, "plan", gguf(5).toString());
        assertThat(run.err()).contains("a plan needs all of them");
    }

    /** @param most tensors that it holds */
    private Path gguf(int most) throws IOException {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", "llama");
        metadata.put("general.file_type", 7);
        metadata.put("llama.context_length", 128);
        metadata.put("llama.block_count", 2);
        metadata.put("llama.embedding_length", 256);
        metadata.put("llama.feed_forward_length", 512);
        metadata.put("llama.attention.head_count", 4);
        metadata.put("llama.attention.head_count_kv", 2);
        metadata.put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        metadata.put(
                "tokenizer.ggml.tokens",
                IntStream.range(0, 1000).mapToObj(i -> "t" + i).toList());
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Weights.of(Families.fromConfig(JsonMapper.shared().readTree(CONFIG.formatted("")))).stream()
                .limit(most)
                .forEach(weight -> tensors.put(
                        weight.name(),
                        Tensor.computed(
                                weight.shape().rank() > 1 ? DType.Q8_0 : DType.F32, weight.shape(), (_, _, _) -> {})));
        Path file = home.resolve("model.gguf");
        GgufWriter.write(file, metadata, tensors);
        return file;
    }

    @Test
    void ofARepositoryHeadersAloneAreFetched() throws IOException {
        try (StubPlatform platform = new StubPlatform()) {
            byte[] gguf = Files.readAllBytes(gguf(Integer.MAX_VALUE));
            platform.on("GET /api/models/lab/m/tree/main", tree("model.gguf", gguf.length));
            platform.on("GET /lab/m/resolve/main/model.gguf", _ -> new StubPlatform.Answer(200, gguf));
            assertThat(ofRepository(platform).path("quantization").asString()).isEqualTo("Q8_0");

            platform.on(
                    "GET /api/models/lab/m/tree/main",
                    tree("config.json", 9).replace("]", ",")
                            + tree("model.safetensors", 2_000_000).substring(1));
            platform.on("GET /lab/m/resolve/main/config.json", CONFIG.formatted(""));
            JsonNode plain = ofRepository(platform);
            assertThat(plain.path("parameters").asLong()).isEqualTo(1_692_928);
            assertThat(plain.has("quantization")).isFalse();

            String quantised = ", \"quantization_config\": {\"quant_method\": \"awq\"}";
            platform.on("GET /lab/m/resolve/main/config.json", CONFIG.formatted(quantised));
            platform.on(
                    "GET /lab/m/resolve/main/model.safetensors", _ -> new StubPlatform.Answer(200, header(1_000_000)));
            JsonNode awq = ofRepository(platform);
            assertThat(awq.path("answering")
                            .path(0)
                            .path("parts")
                            .path("weights, I32")
                            .asLong())
                    .isEqualTo(1_000_000);
        }
    }

    /** Of a file of so many bytes of data, which is padded to 2,000,000. */
    private static byte[] header(int bytes) {
        String json = "{\"a\":{\"dtype\":\"I32\",\"shape\":[" + bytes / 4 + "],\"data_offsets\":[0," + bytes + "]},"
                + "\"b\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[" + bytes + ",%d]}}";
        String sized = json.formatted(999_800, 1_999_800);
        String padded = sized + " ".repeat(192 - sized.length());
        return ByteBuffer.allocate(200)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(192)
                .put(padded.getBytes(StandardCharsets.UTF_8))
                .array();
    }

    private JsonNode ofRepository(StubPlatform platform) {
        return json("lab/m", "--url", platform.url(), "--token", StubPlatform.KEY);
    }

    private static String tree(String file, long size) {
        return "[{\"type\":\"file\",\"oid\":\"1\",\"size\":" + size + ",\"path\":\"" + file + "\"}]";
    }

    @Test
    void anUntrainedModelOfThePlatformsTestsIsPlannedToo() throws IOException {
        Path tiny = TinyModel.write(home.resolve("tiny"));
        assertThat(json(tiny.toString()).path("family").asString()).isEqualTo("llama");
    }
}
