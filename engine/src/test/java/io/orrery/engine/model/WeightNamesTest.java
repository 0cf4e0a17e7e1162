package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightNamesTest {
    @ParameterizedTest
    @CsvSource({
        "llama, token_embd.weight, model.embed_tokens.weight",
        "llama, output_norm.weight, model.norm.weight",
        "llama, output.weight, lm_head.weight",
        "llama, blk.0.attn_norm.weight, model.layers.0.input_layernorm.weight",
        "qwen2, blk.31.attn_q.bias, model.layers.31.self_attn.q_proj.bias",
        "qwen3, blk.7.attn_k_norm.weight, model.layers.7.self_attn.k_norm.weight",
        "gemma, blk.12.ffn_norm.weight, model.layers.12.post_attention_layernorm.weight",
        "mistral, blk.3.attn_q, model.layers.3.self_attn.q_proj",
        "llama, blk.3.ffn_down, model.layers.3.mlp.down_proj",
        "phi3, blk.3.attn_qkv.weight, model.layers.3.self_attn.qkv_proj.weight",
        "phi3, blk.3.ffn_up.weight, model.layers.3.mlp.gate_up_proj.weight",
        "phi3, blk.3.ffn_down.weight, model.layers.3.mlp.down_proj.weight",
        "starcoder2, blk.3.ffn_up.bias, model.layers.3.mlp.c_fc.bias",
        "starcoder2, blk.3.ffn_down.weight, model.layers.3.mlp.c_proj.weight",
        "starcoder2, blk.3.attn_norm.bias, model.layers.3.input_layernorm.bias",
        "opt, token_embd.weight, model.decoder.embed_tokens.weight",
        "opt, position_embd.weight, model.decoder.embed_positions.weight",
        "opt, output_norm.bias, model.decoder.final_layer_norm.bias",
        "opt, blk.1.ffn_norm.bias, model.decoder.layers.1.final_layer_norm.bias",
        "opt, blk.1.attn_norm.weight, model.decoder.layers.1.self_attn_layer_norm.weight",
        "opt, blk.1.attn_output.weight, model.decoder.layers.1.self_attn.out_proj.weight",
        "opt, blk.1.ffn_up.weight, model.decoder.layers.1.fc1.weight",
        "opt, blk.1.ffn_down.bias, model.decoder.layers.1.fc2.bias"
    })
    void namesTranslateBothWays(String family, String ours, String theirs) {
        assertThat(WeightNames.of(family).huggingFace(ours)).isEqualTo(theirs);
        assertThat(WeightNames.of(family).fromHuggingFace(theirs)).contains(ours);
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
        assertThat(WeightNames.of("llama").fromHuggingFace(theirs)).isEmpty();
    }

    @Test
    void aNameThatIsNotOursIsRefused() {
        assertThatThrownBy(() -> WeightNames.of("llama").huggingFace("blk.0.attn_sinks.weight"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'blk.0.attn_sinks.weight' is no name of a tensor of ours");
    }
}
