package io.orrery.engine.train;

import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model repository of a few thousand parameters: a token a character, ChatML. */
final class TinyModelFolder {
    private static final String CHAT_TEMPLATE =
            "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

    private TinyModelFolder() {}

    static Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, Integer> vocabulary = vocabulary();
        int size = vocabulary.size() + 2;
        JsonNode config = JsonMapper.shared().readTree("""
                        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": %d, "hidden_size": 16,
                         "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
                         "rms_norm_eps": 1e-5, "max_position_embeddings": 128, "tie_word_embeddings": false,
                         "eos_token_id": %d}""".formatted(size, size - 1));
        ModelSpec.CausalLm spec = Families.fromConfig(config);
        ModelWriter.write(folder, spec, config, Network.initial(spec, 1, 0.1));
        JsonMapper.shared().writeValue(folder.resolve("tokenizer.json").toFile(), tokenizer(vocabulary));
        JsonMapper.shared()
                .writeValue(
                        folder.resolve("tokenizer_config.json").toFile(),
                        Map.of("eos_token", "<|im_end|>", "chat_template", CHAT_TEMPLATE));
        return folder;
    }

    /** ASCII as byte-level BPE writes it. */
    private static Map<String, Integer> vocabulary() {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        for (char c = '!'; c <= '~'; c++) {
            vocabulary.put(String.valueOf(c), vocabulary.size());
        }
        vocabulary.put("Ġ", vocabulary.size());
        vocabulary.put("Ċ", vocabulary.size());
        return vocabulary;
    }

    private static Map<String, Object> tokenizer(Map<String, Integer> vocabulary) {
        return Map.of(
                "version",
                "1.0",
                "added_tokens",
                List.of(special(vocabulary.size(), "<|im_start|>"), special(vocabulary.size() + 1, "<|im_end|>")),
                "pre_tokenizer",
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", true),
                "decoder",
                Map.of("type", "ByteLevel", "add_prefix_space", true, "trim_offsets", true, "use_regex", true),
                "model",
                Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of()));
    }

    private static Map<String, Object> special(int id, String content) {
        return Map.of(
                "id",
                id,
                "content",
                content,
                "single_word",
                false,
                "lstrip",
                false,
                "rstrip",
                false,
                "normalized",
                false,
                "special",
                true);
    }
}
