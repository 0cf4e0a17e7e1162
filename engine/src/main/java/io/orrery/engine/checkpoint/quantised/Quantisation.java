package io.orrery.engine.checkpoint.quantised;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How the weights of a folder are quantised. Each weight that is kept in parts becomes one computed tensor under the plain name
 * of its module, {@code X.weight} of shape {@code [out, in]}: in a packed dtype where one holds the same values, else in the
 * dtype that its values have (F32, F16 or BF16), which takes four to eight times the file's bytes once it is loaded.
 */
public sealed interface Quantisation permits Bitsandbytes, Gptq, Awq {
    /**
     * What the configuration says, if it says anything.
     *
     * @param source the folder, as messages name it
     * @param config {@code config.json}
     * @param gptqConfig {@code quantize_config.json}, which older tools wrote instead
     * @throws CheckpointException for a method that is not supported, by name
     */
    static Optional<Quantisation> of(String source, JsonNode config, Optional<JsonNode> gptqConfig) {
        JsonNode own = config.path("quantization_config");
        if (own.isObject()) {
            return Optional.of(of(source, new Settings(source, "quantization_config", own), methodOf(own)));
        }
        return gptqConfig.map(json -> of(
                source,
                new Settings(source, "quantize_config.json", json),
                json.path("quant_method").asString("gptq")));
    }

    /** Before there was {@code quant_method}, there was bitsandbytes alone. */
    private static String methodOf(JsonNode config) {
        boolean isOld = config.has("load_in_4bit") || config.has("load_in_8bit");
        return config.path("quant_method").asString(isOld ? "bitsandbytes" : "?");
    }

    private static Quantisation of(String source, Settings settings, String method) {
        return switch (method) {
            case "bitsandbytes", "bitsandbytes_4bit", "bitsandbytes_8bit" -> new Bitsandbytes(source);
            case "gptq" -> Gptq.of(settings);
            case "awq" -> Awq.of(settings);
            default ->
                throw new CheckpointException(
                        source,
                        "the weights are quantised by '" + method
                                + "', which is not supported; bitsandbytes (nf4, fp4, int8), gptq and awq are, and GGUF files");
        };
    }

    /** What messages call it: "gptq, 4 bits". */
    String label();

    /**
     * The tensors with each quantised weight in one.
     *
     * @param stored all tensors by the file's names; they are read when the weights are
     * @throws CheckpointException that names a part that is missing or has another shape
     */
    Map<String, Tensor> join(Map<String, Tensor> stored);
}
