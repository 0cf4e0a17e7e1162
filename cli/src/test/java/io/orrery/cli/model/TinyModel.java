package io.orrery.cli.model;

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

/** A llama of a few thousand weights that nobody trained, with tokenizer and chat template. */
public final class TinyModel {
    private TinyModel() {}

    public static Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("tokenizer.json"),
                BpeTrainer.train(List.of("hello hello world"), 270, List.of("<|user|>", "<|assistant|>", "<|end|>")));
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}");
        JsonNode config = JsonMapper.shared().readTree("""
                {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 270, "hidden_size": 16,
                 "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
                 "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 10000, "hidden_act": "silu",
                 "tie_word_embeddings": false, "eos_token_id": 2}
                """);
        CausalLm spec = Families.fromConfig(config);
        ModelWriter.write(folder, spec, config, Network.initial(spec, 1, 0.1));
        return folder;
    }
}
