package io.orrery.engine.model;

import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Bias;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Heads;
import io.orrery.engine.model.ModelSpec.Mask;
import io.orrery.engine.model.ModelSpec.QkNorm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The model families, each a function from its {@code config.json} to a {@link ModelSpec}.
 *
 * <p>Source of keys and defaults: transformers 5, {@code configuration_llama.py} and its neighbours. An absent key means that
 * class's default, which is not always what a null means: Mistral without {@code sliding_window} has a window of 4096, with
 * null it has none.
 */
public final class Families {
    private static final Map<String, Function<Config, CausalLm>> BY_MODEL_TYPE = new TreeMap<>(Map.of(
            "llama", Families::llama,
            "mistral", Families::mistral,
            "qwen2", Families::qwen2,
            "qwen3", Families::qwen3));

    private Families() {}

    /** @throws ModelException where the family is unknown, or a value is missing or makes no sense */
    public static CausalLm fromConfig(JsonNode configJson) {
        Config config = new Config(configJson);
        String type = config.string("model_type")
                .orElseThrow(() -> new ModelException(
                        "config.json has no 'model_type'; it must name one of " + BY_MODEL_TYPE.keySet()));
        Function<Config, CausalLm> family = BY_MODEL_TYPE.get(type);
        if (family == null) {
            throw new ModelException(
                    "model_type '" + type + "' is not supported; supported are " + BY_MODEL_TYPE.keySet());
        }
        return family.apply(config);
    }

    /**
     * @param tensors the names of the file's tensors: biases and a head of its own show in them alone
     * @throws ModelException where the architecture is unknown, or a value is missing or makes no sense
     */
    public static CausalLm fromGguf(GgufMetadata metadata, Set<String> tensors) {
        return GgufFamilies.of(metadata, tensors);
    }

    /** Positions that the model was made for: max_position_embeddings, or the class's default. */
    static int contextLength(JsonNode configJson) {
        Config config = new Config(configJson);
        int otherwise = switch (config.string("model_type").orElse("")) {
            case "mistral" -> 131_072;
            case "qwen2", "qwen3" -> 32_768;
            default -> 2048;
        };
        return config.size("max_position_embeddings", otherwise);
    }

    private static CausalLm llama(Config c) {
        int heads = c.size("num_attention_heads");
        Attention attention = attention(c, c.size("num_key_value_heads", heads))
                .with(c.flag("attention_bias", false) ? Bias.QKV_AND_OUTPUT : Bias.NONE);
        return Decoder.read(c, c.flag("mlp_bias", false)).with(_ -> attention);
    }

    private static CausalLm mistral(Config c) {
        int window = c.has("sliding_window") ? c.count("sliding_window", 0) : 4096;
        Attention attention = windowed(attention(c, kvHeads(c, 8)), window);
        return Decoder.read(c, false).with(_ -> attention);
    }

    private static CausalLm qwen2(Config c) {
        Attention attention = attention(c, kvHeads(c, 32)).with(Bias.QKV);
        return Decoder.read(c, false).with(layer -> windowed(attention, qwenWindow(c, layer)));
    }

    private static CausalLm qwen3(Config c) {
        Attention attention = attention(c, kvHeads(c, 32), c.size("head_dim", 128))
                .with(c.flag("attention_bias", false) ? Bias.QKV_AND_OUTPUT : Bias.NONE)
                .with(new QkNorm.PerHead(Decoder.rms(c)));
        return Decoder.read(c, false).with(layer -> windowed(attention, qwenWindow(c, layer)));
    }

    /** Null means one for each query head, absent the class's own default. */
    private static int kvHeads(Config c, int absent) {
        return c.size("num_key_value_heads", c.has("num_key_value_heads") ? c.size("num_attention_heads") : absent);
    }

    private static Attention attention(Config c, int kvHeads) {
        int heads = c.size("num_attention_heads");
        int hidden = c.size("hidden_size");
        if (!c.json().hasNonNull("head_dim") && hidden % heads != 0) {
            throw new ModelException("hidden_size (" + hidden + ") is not a multiple of num_attention_heads (" + heads
                    + "), and config.json has no head_dim");
        }
        return attention(c, kvHeads, c.size("head_dim", Math.max(1, hidden / heads)));
    }

    private static Attention attention(Config c, int kvHeads, int headDim) {
        Heads heads = new Heads(c.size("num_attention_heads"), kvHeads, headDim);
        return new Attention(heads, RopeConfig.read(c, headDim), new Mask(true, 0));
    }

    private static Attention windowed(Attention attention, int window) {
        return attention.with(new Mask(true, window));
    }

    /** Qwen slides in the layers from max_window_layers on, and only where use_sliding_window says so. */
    private static int qwenWindow(Config c, int layer) {
        if (!c.flag("use_sliding_window", false)) {
            return 0;
        }
        int window = c.has("sliding_window") ? c.count("sliding_window", 0) : 4096;
        Optional<List<String>> types = c.strings("layer_types");
        boolean slides = types.map(all -> slides(all, layer)).orElse(layer >= c.count("max_window_layers", 28));
        return slides ? window : 0;
    }

    private static boolean slides(List<String> types, int layer) {
        if (layer >= types.size()) {
            throw new ModelException(
                    "layer_types names " + types.size() + " layers, fewer than num_hidden_layers calls for");
        }
        return switch (types.get(layer)) {
            case "sliding_attention" -> true;
            case "full_attention" -> false;
            default ->
                throw new ModelException("layer_types names '" + types.get(layer)
                        + "'; supported are full_attention and sliding_attention");
        };
    }
}
