package io.orrery.engine.train;

import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec;
import tools.jackson.databind.json.JsonMapper;

/** Models small enough to train in a test. */
final class TinyLanguageModels {
    private TinyLanguageModels() {}

    static ModelSpec.CausalLm llama(int vocab, int hidden, int intermediate, int layers, int heads, int kvHeads) {
        return of("llama", vocab, hidden, intermediate, layers, heads, kvHeads);
    }

    static ModelSpec.CausalLm of(
            String type, int vocab, int hidden, int intermediate, int layers, int heads, int kvHeads) {
        String json = """
                {"model_type": "%s", "vocab_size": %d, "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
                 "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": %d, "tie_word_embeddings": false,
                 "rms_norm_eps": 1e-5, "max_position_embeddings": 256}""".formatted(type, vocab, hidden, intermediate, layers, heads, kvHeads, hidden / heads);
        return Families.fromConfig(JsonMapper.shared().readTree(json));
    }
}
