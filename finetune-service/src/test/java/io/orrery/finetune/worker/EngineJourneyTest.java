package io.orrery.finetune.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.Network;
import io.orrery.engine.tokenizer.BpeTrainer;
import io.orrery.finetune.RunningFinetune;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Jobs that the engine runs, on a model of a few thousand parameters. */
class EngineJourneyTest extends RunningFinetune {
    private static final String MODEL = "lab/tiny";
    private static final int VOCABULARY = 300;
    private static final String TEMPLATE =
            "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";
    private static final List<String> SPECIAL = List.of("<|user|>", "<|assistant|>", "<|end|>");
    private static final String ROWS = Stream.of("red", "green", "blue", "black")
            .map(colour -> "{\"messages\":[{\"role\":\"user\",\"content\":\"say " + colour
                    + "\"},{\"role\":\"assistant\",\"content\":\"" + colour + "\"}]}\n")
            .reduce("", String::concat);
    private static final String TEN_STEPS = ",\"method\":{\"type\":\"supervised\",\"supervised\":{\"hyperparameters\":"
            + "{\"n_epochs\":10,\"batch_size\":4,\"learning_rate\":0.01,\"lora\":{\"rank\":4},\"checkpoint_steps\":3}}}";

    @TempDir
    Path folder;

    @BeforeEach
    void tiny() throws IOException {
        training.real();
        if (!HUB.has(MODEL)) {
            HUB.put(MODEL, tinyModel());
        }
    }

    @Test
    void aLoraJobLearnsAndItsAdapterCanBeLoaded() throws IOException {
        String id = submit(MODEL, upload(ROWS.repeat(1)), TEN_STEPS + ",\"suffix\":\"tiny-colours\"");

        JsonNode job = awaitStatus(id, "succeeded");

        assertThat(job.get("fine_tuned_model").asString()).isEqualTo("lab/tiny:lab/tiny-colours");
        assertThat(job.at("/x_lab/step").asInt()).isEqualTo(10);
        List<JsonNode> metrics = get("/v1/fine_tuning/jobs/" + id + "/events?limit=100")
                .get("data")
                .valueStream()
                .filter(event -> event.get("type").asString().equals("metrics"))
                .toList();
        assertThat(metrics).hasSize(10);
        double last = metrics.getFirst().at("/data/train_loss").asDouble();
        double first = metrics.getLast().at("/data/train_loss").asDouble();
        assertThat(last).as("from " + first).isLessThan(first);
        assertThat(get("/v1/fine_tuning/jobs/" + id + "/checkpoints")
                        .get("data")
                        .size())
                .isEqualTo(4);
        Path adapter = download("lab/tiny-colours");
        try (PeftAdapter opened = PeftAdapter.open(adapter)) {
            assertThat(opened.config().baseModel()).isEqualTo(MODEL);
            assertThat(opened.config().revision()).contains(HUB.repo(MODEL).commit());
            assertThat(opened.pairs()).hasSize(14);
        }
        assertThat(Files.readString(adapter.resolve("README.md")))
                .contains("base_model: lab/tiny", "\"rank\" : 4", "| 10 |");
    }

    @Test
    void aRunThatWasStoppedEndsAsIfItHadNotBeen() throws IOException {
        String whole = submit(MODEL, upload(ROWS), TEN_STEPS + ",\"seed\":5,\"suffix\":\"whole\"");
        awaitStatus(whole, "succeeded");
        String halved = submit(MODEL, upload(ROWS), TEN_STEPS + ",\"seed\":5,\"suffix\":\"halved\"");
        await(
                halved,
                job -> job.at("/x_lab/step").asInt() > 0
                        || job.get("status").asString().equals("succeeded"));
        // what a dead process leaves: the row is taken from the worker, its checkpoints stay
        jdbc.sql(
                        "update job set state = 'QUEUED', worker = null, lease_until = null where id = :id and state = 'RUNNING'")
                .param("id", halved)
                .update();
        awaitStatus(halved, "succeeded");

        assertThat(Files.readAllBytes(download("lab/halved").resolve("adapter_model.safetensors")))
                .isEqualTo(Files.readAllBytes(download("lab/whole").resolve("adapter_model.safetensors")));
    }

    @Test
    void aLineThatBreaksIsNamedBeforeAnyDeviceIsBusy() {
        String id = submit(
                MODEL,
                upload(ROWS + "{}\n".repeat(0) + ROWS.lines().limit(2).reduce("", (a, b) -> a + b + "\n")
                        + "{\"messages\": [\n"),
                "");

        JsonNode error = awaitStatus(id, "failed").get("error");

        assertThat(error.get("code").asString()).isEqualTo("invalid_training_file");
        assertThat(error.get("param").asString()).isEqualTo("training_file");
        assertThat(error.get("message").asString())
                .contains("training_file line 7")
                .contains("not valid JSON");
        assertThat(training.runs()).isZero();
    }

    @Test
    void aSettingThatCannotBeIsRefusedAtOnce() {
        JsonNode error = error(
                call(
                        "POST",
                        "/v1/fine_tuning/jobs",
                        "{\"model\":\"" + MODEL + "\",\"training_file\":\"" + upload(ROWS)
                                + "\",\"hyperparameters\":{\"n_epoch\":3}}"),
                400);
        assertThat(error.get("message").asString()).contains("n_epoch", "n_epochs");
    }

    @Test
    void aModelThatTheEngineDoesNotKnowFailsTheJobWithASentence() {
        HUB.put("lab/strange", Map.of("config.json", "{\"model_type\":\"strange\"}".getBytes(StandardCharsets.UTF_8)));
        JsonNode job = awaitStatus(submit("lab/strange", upload(ROWS), ""), "failed");
        assertThat(job.at("/error/code").asString()).isEqualTo("unsupported_model");
        assertThat(job.at("/error/message").asString()).contains("strange");
        assertThat(training.runs()).isEqualTo(1);
    }

    private Path download(String repo) throws IOException {
        Path to = Files.createDirectories(folder.resolve(repo));
        for (Map.Entry<String, byte[]> file : HUB.repo(repo).files().entrySet()) {
            Files.write(to.resolve(file.getKey()), file.getValue());
        }
        return to;
    }

    private Map<String, byte[]> tinyModel() throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        JsonNode config = JsonMapper.shared().readTree("""
                {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": %d, "hidden_size": 16,
                 "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
                 "rms_norm_eps": 1e-5, "max_position_embeddings": 128, "tie_word_embeddings": true, "eos_token_id": 2}
                """.formatted(VOCABULARY));
        ModelSpec.CausalLm spec = Families.fromConfig(config);
        ModelWriter.write(model, spec, config, Network.initial(spec, 1, 0.1));
        Files.writeString(
                model.resolve("tokenizer.json"),
                BpeTrainer.train(List.of("say red green blue black ".repeat(20)), VOCABULARY, SPECIAL));
        Files.writeString(
                model.resolve("tokenizer_config.json"),
                JsonMapper.shared().writeValueAsString(Map.of("eos_token", "<|end|>", "chat_template", TEMPLATE)));
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(model)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }
}
