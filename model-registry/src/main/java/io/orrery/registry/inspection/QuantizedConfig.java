package io.orrery.registry.inspection;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How the weights of a folder are quantised, by {@code quantization_config} of its config.json (transformers {@code
 * utils/quantization_config.py}).
 *
 * @param bits of a weight; 0 where the configuration does not say
 */
record QuantizedConfig(String method, int bits) {
    private static final int MAX_NAME = 24;
    private static final int WORD = 32;

    static Optional<QuantizedConfig> of(Optional<JsonNode> config) {
        return config.map(json -> json.path("quantization_config"))
                .filter(JsonNode::isObject)
                .map(QuantizedConfig::read);
    }

    private static QuantizedConfig read(JsonNode json) {
        String method = json.path("quant_method").asString("");
        boolean isBitsandbytes = method.equals("bitsandbytes") || method.isEmpty() && json.has("load_in_4bit");
        if (isBitsandbytes) {
            boolean four = json.path("load_in_4bit").asBoolean(false)
                    || json.path("_load_in_4bit").asBoolean(false);
            return new QuantizedConfig("bitsandbytes", four ? 4 : 8);
        }
        int bits = json.path("bits").asInt(json.path("w_bit").asInt(method.startsWith("fp8") ? 8 : 0));
        return new QuantizedConfig(
                method.isEmpty() ? "unknown" : method.substring(0, Math.min(MAX_NAME, method.length())),
                bits < 0 || bits > WORD ? 0 : bits);
    }

    /** Such as {@code gptq-4bit}, {@code bnb-8bit}, {@code fp8}. */
    String label() {
        String name = method.equals("bitsandbytes") ? "bnb" : method;
        return bits == 0 || method.startsWith("fp") ? name : name + "-" + bits + "bit";
    }

    /** As the Hub tags models. */
    List<String> tags() {
        return bits == 4 || bits == 8 ? List.of(bits + "-bit", method) : List.of(method);
    }

    int weightsPerWord() {
        return bits == 0 ? WORD / 4 : WORD / bits;
    }
}
