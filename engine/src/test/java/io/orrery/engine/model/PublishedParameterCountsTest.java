package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sizes of published configurations give the totals that the Hub shows for their safetensors. */
class PublishedParameterCountsTest {
    private static final String LLAMA =
            "{'model_type':'%s','hidden_size':%d,'intermediate_size':%d,'num_hidden_layers':%d,'num_attention_heads':%d,"
                    + "'num_key_value_heads':%d,'vocab_size':%d}";

    @ParameterizedTest
    @CsvSource({
        "CodeLlama-7b, llama, 4096, 11008, 32, 32, 32, 32016, 6738546688",
        "CodeLlama-13b, llama, 5120, 13824, 40, 40, 40, 32016, 13016028160",
        "CodeLlama-34b, llama, 8192, 22016, 48, 64, 8, 32000, 33743970304",
        "Llama-2-7b, llama, 4096, 11008, 32, 32, 32, 32000, 6738415616",
        "Llama-2-13b, llama, 5120, 13824, 40, 40, 40, 32000, 13015864320",
        "Llama-2-70b, llama, 8192, 28672, 80, 64, 8, 32000, 68976648192",
        "Llama-3-8B, llama, 4096, 14336, 32, 32, 8, 128256, 8030261248",
        "deepseek-coder-33b, llama, 7168, 19200, 62, 56, 8, 32256, 33342991360",
        "Mistral-7B, mistral, 4096, 14336, 32, 32, 8, 32000, 7241732096",
        "Nemotron-1.5B, qwen2, 1536, 8960, 28, 12, 2, 151936, 1777088000",
        "phi-4, phi3, 5120, 17920, 40, 40, 10, 100352, 14659507200",
        "starcoder2-7b, starcoder2, 4608, 18432, 32, 36, 4, 49152, 7173923840"
    })
    void familiesCountWhatIsPublished(
            String name,
            String family,
            int hidden,
            int intermediate,
            int layers,
            int heads,
            int kvHeads,
            int vocab,
            long count) {
        String config = LLAMA.formatted(family, hidden, intermediate, layers, heads, kvHeads, vocab);
        assertThat(Weights.parameters(TinyModels.spec(config))).as(name).isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Llama-3.2-1B | 1235814400 | 'model_type':'llama','hidden_size':2048,'intermediate_size':8192,'num_hidden_layers':16,"
                        + "'num_attention_heads':32,'num_key_value_heads':8,'vocab_size':128256,'tie_word_embeddings':true",
                "Llama-3.2-3B | 3212749824 | 'model_type':'llama','hidden_size':3072,'intermediate_size':8192,'num_hidden_layers':28,"
                        + "'num_attention_heads':24,'num_key_value_heads':8,'vocab_size':128256,'tie_word_embeddings':true",
                "Qwen3-0.6B | 596049920 | 'model_type':'qwen3','hidden_size':1024,'intermediate_size':3072,'num_hidden_layers':28,"
                        + "'num_attention_heads':16,'num_key_value_heads':8,'head_dim':128,'vocab_size':151936,"
                        + "'tie_word_embeddings':true",
                "codegemma-7b | 8537680896 | 'model_type':'gemma','hidden_size':3072,'intermediate_size':24576,"
                        + "'num_hidden_layers':28,'num_attention_heads':16,'num_key_value_heads':16,'head_dim':256,"
                        + "'vocab_size':256000",
                "opt-2.7b | 2651596800 | 'model_type':'opt','hidden_size':2560,'ffn_dim':10240,'num_hidden_layers':32,"
                        + "'num_attention_heads':32,'max_position_embeddings':2048,'vocab_size':50272"
            })
    void tiedHeadsCountOnce(String name, long count, String config) {
        assertThat(Weights.parameters(TinyModels.spec("{" + config + "}")))
                .as(name)
                .isEqualTo(count);
    }
}
