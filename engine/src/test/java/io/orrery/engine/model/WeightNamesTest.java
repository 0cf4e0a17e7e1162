package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightNamesTest {
    @ParameterizedTest
    @CsvSource({
        "token_embd.weight, model.embed_tokens.weight",
        "output_norm.weight, model.norm.weight",
        "output.weight, lm_head.weight",
        "blk.0.attn_norm.weight, model.layers.0.input_layernorm.weight",
        "blk.31.attn_q.bias, model.layers.31.self_attn.q_proj.bias",
        "blk.7.attn_k_norm.weight, model.layers.7.self_attn.k_norm.weight",
        "blk.12.ffn_norm.weight, model.layers.12.post_attention_layernorm.weight",
        "blk.3.attn_q, model.layers.3.self_attn.q_proj",
        "blk.3.ffn_down, model.layers.3.mlp.down_proj"
    })
    void namesTranslateBothWays(String ours, String theirs) {
        assertThat(WeightNames.huggingFace(ours)).isEqualTo(theirs);
        assertThat(WeightNames.fromHuggingFace(theirs)).contains(ours);
    }

    @ParameterizedTest
    @CsvSource({
        "model.layers.0.self_attn.rotary_emb.inv_freq",
        "model.layers.0.norm.weight",
        "model.layers.0.lm_head.weight",
        "self_attn.q_proj.weight",
        "model.layers.1234567.self_attn.q_proj.weight",
        "blk.0.attn_q.weight"
    })
    void strangersHaveNoNameOfOurs(String theirs) {
        assertThat(WeightNames.fromHuggingFace(theirs)).isEmpty();
    }

    @Test
    void aNameThatIsNotOursIsRefused() {
        assertThatThrownBy(() -> WeightNames.huggingFace("blk.0.attn_sinks.weight"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'blk.0.attn_sinks.weight' is no name of a tensor of ours");
    }
}
