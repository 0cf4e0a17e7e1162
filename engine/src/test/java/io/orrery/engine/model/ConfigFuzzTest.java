package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A configuration with any value gone wrong is a model or a sentence, and nothing else. */
class ConfigFuzzTest {
    private static final List<String> JUNK = List.of(
            "null",
            "true",
            "\"\"",
            "\"silu\"",
            "-1",
            "0",
            "1",
            "3",
            "3.5",
            "1e308",
            "1e999",
            "2147483648",
            "123456789012345678901234567890",
            "[]",
            "[1]",
            "[\"full_attention\"]",
            "{}",
            "{\"rope_type\":\"linear\"}",
            "{\"rope_type\":\"llama3\",\"factor\":1}",
            "{\"rope_theta\":-1}",
            "{\"partial_rotary_factor\":4}");

    @ParameterizedTest
    @EnumSource
    void everyKeyWithEveryJunkIsAModelOrASentence(TinyModels model) {
        JsonNode good = model.config("'rope_theta':10000,'rope_parameters':null,'layer_types':null,'mlp_bias':false,"
                + "'rms_norm_eps':1e-6,'hidden_act':'silu','partial_rotary_factor':1,'max_position_embeddings':64");
        int refused = 0;
        for (String key : good.propertyNames()) {
            for (String junk : JUNK) {
                ObjectNode bad = good.deepCopy().asObject();
                bad.set(key, JsonMapper.shared().readTree(junk));
                refused += isRefused(bad) ? 1 : 0;
            }
            ObjectNode absent = good.deepCopy().asObject();
            absent.remove(key);
            isRefused(absent);
        }
        assertThat(refused).isGreaterThan(100);
    }

    private static boolean isRefused(JsonNode config) {
        try {
            ModelSpec.CausalLm spec = Families.fromConfig(config);
            assertThatCode(() -> Weights.parameters(spec)).as(config.toString()).doesNotThrowAnyException();
            return false;
        } catch (ModelException e) {
            assertThat(e.getMessage()).isNotBlank();
            return true;
        } catch (RuntimeException e) {
            return fail("%s gave %s", config, e);
        }
    }
}
