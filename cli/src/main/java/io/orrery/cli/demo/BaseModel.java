package io.orrery.cli.demo;

import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.Network;
import io.orrery.engine.model.Weights;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.tokenizer.BpeTrainer;
import io.orrery.engine.tokenizer.TokenizerJson;
import io.orrery.engine.train.Example;
import io.orrery.engine.train.Hyperparameters;
import io.orrery.engine.train.StepMetrics;
import io.orrery.engine.train.Trainer;
import io.orrery.engine.train.TrainingData;
import io.orrery.hub.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes the demo's own model in a folder, as a repository has it: tokenizer, then weights from nothing, then the card. */
final class BaseModel {
    static final int VOCABULARY = 640;
    private static final int HIDDEN = 128;
    private static final int LAYERS = 4;
    private static final int HEADS = 4;
    private static final int CONTEXT = 256;
    private static final long SEED = 1;

    /** 1 / sqrt(hidden): words that only the adapter will meet must stay apart, which a smaller spread does not keep them. */
    private static final double INITIAL_STD = 1 / Math.sqrt(HIDDEN);

    private static final Map<String, Object> RECIPE = Map.of(
            "full",
            true,
            "max_steps",
            900,
            "batch_size",
            96,
            "learning_rate",
            2e-3,
            "schedule",
            "cosine",
            "warmup_ratio",
            0.05,
            "weight_decay",
            0.01,
            "seed",
            1);

    private static final String END = "<|end|>";
    private static final List<String> SPECIAL = List.of(END, "<|system|>", "<|user|>", "<|assistant|>");
    private static final String TEMPLATE =
            "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content']"
                    + " + '<|end|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;

    BaseModel(Path folder) {
        this.folder = folder;
    }

    /** Learns a vocabulary from all texts, and writes the tokenizer's files. */
    void trainTokenizer(Stream<Question> questions) {
        List<String> texts = questions
                .flatMap(question -> Stream.of(question.text(), question.answer()))
                .distinct()
                .toList();
        write("tokenizer.json", BpeTrainer.train(texts, VOCABULARY, SPECIAL));
        write(
                "tokenizer_config.json",
                JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(Map.of(
                                "tokenizer_class",
                                "PreTrainedTokenizerFast",
                                "eos_token",
                                END,
                                "pad_token",
                                END,
                                "model_max_length",
                                CONTEXT)));
        write("chat_template.jinja", TEMPLATE);
    }

    /** Trains from nothing on questions and answers, and writes weights, configuration and card. */
    List<LossCurve.Point> train(List<Question> questions, Path scratch, Progress progress) {
        List<Example> examples = examples(questions, scratch);
        JsonNode config =
                config(TokenizerJson.read(folder.resolve("tokenizer.json")).vocabSize());
        CausalLm spec = Families.fromConfig(config);
        List<LossCurve.Point> losses = new ArrayList<>();
        try (Ops ops = CpuOps.create(CpuOptions.defaults());
                Trainer trainer = Trainer.of(
                        Network.trainable(spec, Network.initial(spec, SEED, INITIAL_STD), ops),
                        Hyperparameters.of(RECIPE),
                        examples)) {
            while (!trainer.isFinished()) {
                StepMetrics step = trainer.next();
                losses.add(new LossCurve.Point(step.step(), step.loss()));
                progress.report(describe(step), step.step(), step.totalSteps());
            }
            ModelWriter.write(folder, spec, config, trainer.weights());
        }
        writeCard(losses, Weights.parameters(spec), questions.size());
        return losses;
    }

    private List<Example> examples(List<Question> questions, Path scratch) {
        Path file = scratch.resolve("base-training.jsonl");
        TrainingFile.write(file, questions);
        return TrainingData.read(
                        file, TokenizerJson.read(folder.resolve("tokenizer.json")), ChatFormat.read(folder), CONTEXT)
                .examples();
    }

    private static JsonNode config(int vocabulary) {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("model_type", "llama")
                .put("vocab_size", vocabulary)
                .put("hidden_size", HIDDEN)
                .put("intermediate_size", 3 * HIDDEN)
                .put("num_hidden_layers", LAYERS)
                .put("num_attention_heads", HEADS)
                .put("num_key_value_heads", HEADS)
                .put("max_position_embeddings", CONTEXT)
                .put("rms_norm_eps", 1e-5)
                .put("rope_theta", 10000.0)
                .put("hidden_act", "silu")
                .put("tie_word_embeddings", false)
                .put("torch_dtype", "float32")
                .put("eos_token_id", 0);
        return config;
    }

    private static String describe(StepMetrics step) {
        return String.format(Locale.ROOT, "loss %.4f  %,.0f tokens/s", step.loss(), step.tokensPerSecond());
    }

    private void writeCard(List<LossCurve.Point> losses, long parameters, int examples) {
        write("generation_config.json", "{\"eos_token_id\": 0}\n");
        write("loss.svg", new LossCurve("Training loss, nats a token", losses).svg());
        write("README.md", ModelCard.text(losses, parameters, examples));
    }

    private void write(String name, String content) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " could not be written into " + folder, e);
        }
    }
}
