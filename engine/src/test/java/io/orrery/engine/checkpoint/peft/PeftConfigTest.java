package io.orrery.engine.checkpoint.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeftConfigTest {
    @TempDir
    Path folder;

    @Test
    void keysThatAreAbsentHavePeftsDefaultsAndUnknownOnesArePassedOver() throws IOException {
        PeftConfig config =
                read("{\"peft_type\":\"LORA\",\"something_new\":{\"a\":1},\"use_dora\":false,\"bias\":\"none\"}");
        assertThat(config)
                .isEqualTo(new PeftConfig("", Optional.empty(), 8, 8, List.of(), 0, false, Map.of(), Map.of(), false));
        assertThat(config.scale("model.layers.0.self_attn.q_proj")).isEqualTo(1);
    }

    @Test
    void allKeysAreRead() throws IOException {
        PeftConfig config = read("""
                {"peft_type":"LORA","base_model_name_or_path":"lab/base","revision":"main","r":4,"lora_alpha":6.5,
                 "target_modules":["q_proj","v_proj"],"lora_dropout":0.1,"use_rslora":true,
                 "rank_pattern":{"k_proj":2},"alpha_pattern":{"layers.0.self_attn.q_proj":3}}""");
        assertThat(config)
                .isEqualTo(new PeftConfig(
                        "lab/base",
                        Optional.of("main"),
                        4,
                        6.5,
                        List.of("q_proj", "v_proj"),
                        0.1,
                        true,
                        Map.of("k_proj", 2),
                        Map.of("layers.0.self_attn.q_proj", 3.0),
                        false));
    }

    @Test
    void theScaleIsAlphaByRankOrByItsRoot() {
        assertThat(config(4, 16, false).scale("q_proj")).isEqualTo(4);
        assertThat(config(4, 16, true).scale("q_proj")).isEqualTo(8);
    }

    @Test
    void patternsNameTheEndOfAModulePathAndTheFirstOneWins() throws IOException {
        PeftConfig config = read("""
                {"peft_type":"LORA","r":4,"lora_alpha":8,
                 "rank_pattern":{"k_proj":2,"layers.1.mlp.down_proj":7,"layers\\\\.[0-3]\\\\.self_attn\\\\.v_proj":5,"v_proj":6},
                 "alpha_pattern":{"^model.layers.9.self_attn.k_proj":10,"k_proj":6}}""");
        assertThat(config.rank("model.layers.0.self_attn.k_proj")).isEqualTo(2);
        assertThat(config.scale("model.layers.0.self_attn.k_proj")).isEqualTo(3);
        assertThat(config.scale("model.layers.9.self_attn.k_proj")).isEqualTo(5);
        assertThat(config.rank("model.layers.1.mlp.down_proj")).isEqualTo(7);
        assertThat(config.rank("model.layers.11.mlp.down_proj")).isEqualTo(4);
        assertThat(config.rank("model.layers.2.self_attn.v_proj")).isEqualTo(5);
        assertThat(config.rank("model.layers.4.self_attn.v_proj")).isEqualTo(6);
        assertThat(config.rank("model.layers.0.self_attn.mk_proj")).isEqualTo(4);
    }

    @Test
    void aPatternThatNeverEndsIsStopped() {
        PeftConfig config = new PeftConfig(
                "", Optional.empty(), 4, 8, List.of(), 0, false, Map.of(".*.*.*.*.*.*.*.*b", 2), Map.of(), false);
        assertThatThrownBy(() -> config.rank("a".repeat(60)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a module pattern takes too long");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                             | peft_type must be "LORA", not ""
            {"peft_type":"lora"}                                           | peft_type must be "LORA", not "lora"
            {"peft_type":"LORA","fan_in_fan_out":true}                     | fan_in_fan_out is true
            {"peft_type":"LORA","trainable_token_indices":[1]}             | trainable_token_indices is [1]
            {"peft_type":"LORA","layer_replication":[[0,4]]}               | layer_replication is [[0,4]]
            {"peft_type":"LORA","init_lora_weights":"pissa_niter_16"}      | init_lora_weights is "pissa_niter_16"
            {"peft_type":"LORA","r":0}                                     | r must be at least 1, not 0
            {"peft_type":"LORA","r":2.5}                                   | r must be a whole number, not 2.5
            {"peft_type":"LORA","r":99999999999}                           | r must be a whole number, not 99999999999
            {"peft_type":"LORA","rank_pattern":{"q":0}}                    | r must be at least 1
            {"peft_type":"LORA","rank_pattern":{"(":1}}                    | the module pattern ( is no regular expression
            {"peft_type":"LORA","rank_pattern":[]}                         | rank_pattern must be an object
            {"peft_type":"LORA","lora_alpha":"8"}                          | lora_alpha must be a number, not "8"
            {"peft_type":"LORA","base_model_name_or_path":7}               | base_model_name_or_path must be a text, not 7
            {"peft_type":"LORA","target_modules":7}                        | target_modules must be a list of names, not 7
            {"peft_type":"LORA",}                                          | the JSON breaks at line 1
            []                                                             | the file must hold a JSON object
            """)
    void whatIsBrokenOrNotSupportedIsToldInASentence(String json, String told) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(folder.resolve("adapter_config.json") + ": ")
                .hasMessageContaining(told);
    }

    private PeftConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("adapter_config.json"), json);
        return PeftConfig.read(folder);
    }

    private static PeftConfig config(int rank, double alpha, boolean rankStabilised) {
        return new PeftConfig(
                "", Optional.empty(), rank, alpha, List.of(), 0, rankStabilised, Map.of(), Map.of(), false);
    }
}
