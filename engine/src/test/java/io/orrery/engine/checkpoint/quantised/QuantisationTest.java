package io.orrery.engine.checkpoint.quantised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.TinyTensors;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class QuantisationTest {
    private static final JsonNode PLAIN = json("{\"model_type\":\"llama\"}");

    @Test
    void aConfigurationOfNoneIsNone() {
        assertThat(Quantisation.of("f", PLAIN, Optional.empty())).isEmpty();
        assertThat(Quantisation.of("f", json("{\"quantization_config\":null}"), Optional.empty()))
                .isEmpty();
    }

    @Test
    void configJsonWinsOverTheFileOfAutoGptq() {
        Optional<JsonNode> gptq = Optional.of(json("{\"bits\":3,\"group_size\":64}"));
        assertThat(Quantisation.of("f", PLAIN, gptq).orElseThrow().label()).isEqualTo("gptq, 3 bits");
        JsonNode awq = json("{\"quantization_config\":{\"quant_method\":\"awq\",\"w_bit\":4}}");
        assertThat(Quantisation.of("f", awq, gptq).orElseThrow().label()).isEqualTo("awq, 4 bits");
        JsonNode old = json("{\"quantization_config\":{\"load_in_4bit\":true}}");
        assertThat(Quantisation.of("f", old, gptq).orElseThrow().label()).isEqualTo("bitsandbytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'quant_method':'hqq'}|by 'hqq', which is not supported; bitsandbytes (nf4, fp4, int8), gptq and awq are",
                "{'bits':4}|by '?', which is not supported",
                "{'quant_method':'gptq','bits':5}|'bits' in quantization_config is 5; GPTQ of 2, 3, 4 and 8 bits",
                "{'quant_method':'gptq','bits':'4'}|must be a whole number",
                "{'quant_method':'gptq','sym':1}|'sym' in quantization_config is 1; it must be true or false",
                "{'quant_method':'gptq','checkpoint_format':4}|it must be a text",
                "{'quant_method':'gptq','checkpoint_format':'marlin'}|gptq and gptq_v2 can be read",
                "{'quant_method':'gptq','is_marlin_format':true}|only GPTQ's own layouts can be read",
                "{'quant_method':'gptq','dynamic':{'-:x':{}}}|settings for single modules are not read",
                "{'quant_method':'awq','bits':8}|AWQ of 4 bits can be read",
                "{'quant_method':'awq','version':'gemv'}|only the layout gemm can be read",
            },
            quoteCharacter = '`')
    void whatIsNotSupportedIsRefusedByName(String config, String told) {
        JsonNode json = json("{\"quantization_config\":" + config.replace('\'', '"') + "}");
        assertThatThrownBy(() -> Quantisation.of("f", json, Optional.empty()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("f: ")
                .hasMessageContaining(told);
    }

    @Test
    void tensorsThatAreNotQuantisedStayAsTheyAre() {
        Map<String, Tensor> plain = Map.of("m.weight", TinyTensors.f32(Shape.of(1), 1));
        for (String method : List.of("gptq", "awq", "bitsandbytes")) {
            JsonNode config = json("{\"quantization_config\":{\"quant_method\":\"" + method + "\"}}");
            assertThat(Quantisation.of("f", config, Optional.empty())
                            .orElseThrow()
                            .join(plain))
                    .isEqualTo(plain);
        }
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
