package io.orrery.inference;

import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.checkpoint.peft.PeftConfig;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.tokenizer.BpeTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Folders as a hub has them, with seeded weights: what they say makes no sense, and is always the same. */
public final class TinyFolder {
    public static final int VOCABULARY = 300;
    public static final int CONTEXT = 20_000;
    /** Bytes that its weights take on the device. */
    public static final long WEIGHTS = 4L * (VOCABULARY * 16 + 2 * (4 * 16 * 16 + 3 * 16 * 24 + 2 * 16) + 16);

    private static final String TEMPLATE =
            "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n\n";

    private TinyFolder() {}

    /** @param seed of the weights */
    public static Path write(Path folder, long seed) {
        return write(folder, seed, true);
    }

    /** @param chat whether it has a chat template */
    public static Path write(Path folder, long seed, boolean chat) {
        JsonMapper json = JsonMapper.shared();
        JsonNode config = json.readTree("""
                {"model_type": "llama", "vocab_size": 300, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2,
                 "num_attention_heads": 2, "rms_norm_eps": 1e-5, "tie_word_embeddings": true, "max_position_embeddings": 20000}""");
        CausalLm spec = Families.fromConfig(config);
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("tokenizer.json"),
                    BpeTrainer.train(
                            List.of("say one, two, three. the quick brown fox. the end"),
                            VOCABULARY,
                            List.of("<|im_start|>", "<|im_end|>")));
            if (chat) {
                Files.writeString(
                        folder.resolve("tokenizer_config.json"),
                        json.writeValueAsString(Map.of("chat_template", TEMPLATE)));
            }
            ModelWriter.write(folder, spec, config, Network.initial(spec, seed, 0.5));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rank 2 at one projection. */
    public static Path adapter(Path folder, String base, Optional<String> revision, long seed) {
        Random random = new Random(seed);
        try (ScalarOps ops = new ScalarOps()) {
            Files.createDirectories(folder);
            Pair pair = new Pair(ops.upload(gaussian(random, 32), 2, 16), ops.upload(gaussian(random, 32), 16, 2), 8);
            PeftAdapter.write(
                    folder,
                    new PeftConfig(base, revision, 2, 16, List.of("q_proj"), 0, false, Map.of(), Map.of(), false),
                    Map.of("model.layers.0.self_attn.q_proj", pair));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
