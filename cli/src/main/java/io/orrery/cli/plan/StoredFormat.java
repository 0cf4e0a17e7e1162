package io.orrery.cli.plan;

import io.orrery.engine.plan.WeightFormat;
import io.orrery.engine.plan.WeightFormats;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** How a folder's weights are quantised, by its configuration. */
final class StoredFormat {
    private StoredFormat() {}

    /**
     * Empty for weights that are not quantised.
     *
     * @param sideCar {@code quantize_config.json}, where older GPTQ folders say it
     * @throws IllegalArgumentException where it is a way that is not known here
     */
    static Optional<WeightFormat> of(JsonNode config, Optional<JsonNode> sideCar) {
        if (config.hasNonNull("quantization_config")) {
            JsonNode quantization = config.get("quantization_config");
            return Optional.of(WeightFormats.named(
                    name(quantization, quantization.path("quant_method").asString("?"))));
        }
        return sideCar.map(gptq -> WeightFormats.named(name(gptq, "gptq")));
    }

    private static String name(JsonNode quantization, String method) {
        return switch (method) {
            case "bitsandbytes" -> bitsandbytes(quantization);
            case "gptq" -> "gptq-g" + quantization.path("group_size").asInt(128);
            default -> method;
        };
    }

    private static String bitsandbytes(JsonNode quantization) {
        if (quantization.path("load_in_8bit").asBoolean(false)) {
            return "int8";
        }
        return quantization.path("bnb_4bit_use_double_quant").asBoolean(false) ? "nf4" : "nf4-single";
    }
}
