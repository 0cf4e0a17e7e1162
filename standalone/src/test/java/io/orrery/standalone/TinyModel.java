package io.orrery.standalone;

import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.Network;
import io.orrery.engine.tokenizer.BpeTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A llama of a few thousand random numbers, as a repository has it. */
final class TinyModel {
    private static final String TEMPLATE =
            "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }}<end>"
                    + "{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

    private TinyModel() {}

    static void write(Path folder) throws IOException {
        String tokenizer = BpeTrainer.train(
                List.of("one two three four five six seven eight nine ten"),
                280,
                List.of("<end>", "<user>", "<assistant>"));
        int vocabulary = JsonMapper.shared()
                .readTree(tokenizer)
                .path("model")
                .path("vocab")
                .size();
        JsonNode config = JsonMapper.shared().readTree("""
                {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": %d, "hidden_size": 16,
                 "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 128,
                 "rms_norm_eps": 1e-5, "tie_word_embeddings": false, "torch_dtype": "float32", "eos_token_id": 0}
                """.formatted(vocabulary));
        CausalLm spec = Families.fromConfig(config);
        ModelWriter.write(folder, spec, config, Network.initial(spec, 7, 0.25));
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"<end>\"}");
        Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
    }
}
