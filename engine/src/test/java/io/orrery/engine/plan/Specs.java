package io.orrery.engine.plan;

import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec.CausalLm;
import tools.jackson.databind.json.JsonMapper;

/** Published sizes of models that plans are checked by. */
final class Specs {
    static final CausalLm LLAMA_3_1_8B = decoder("llama", 4096, 14336, 32, 32, 8, 128256);
    static final CausalLm LLAMA_3_3_70B = decoder("llama", 8192, 28672, 80, 64, 8, 128256);
    static final CausalLm LLAMA_2_7B = decoder("llama", 4096, 11008, 32, 32, 32, 32000);
    static final CausalLm MISTRAL_7B = decoder("mistral", 4096, 14336, 32, 32, 8, 32000);
    static final CausalLm CODELLAMA_34B = decoder("llama", 8192, 22016, 48, 64, 8, 32000);
    static final CausalLm DEEPSEEK_33B = decoder("llama", 7168, 19200, 62, 56, 8, 32256);
    static final CausalLm QWEN3_8B = decoder("qwen3", 4096, 12288, 36, 32, 8, 151936);
    static final CausalLm STARCODER2_7B = decoder("starcoder2", 4608, 18432, 32, 36, 4, 49152);

    private Specs() {}

    private static CausalLm decoder(
            String family, int hidden, int intermediate, int layers, int heads, int kvHeads, int vocab) {
        return Families.fromConfig(JsonMapper.shared()
                .readTree(("""
                {"model_type": "%s", "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
                 "num_attention_heads": %d, "num_key_value_heads": %d, "vocab_size": %d}
                """).formatted(family, hidden, intermediate, layers, heads, kvHeads, vocab)));
    }
}
