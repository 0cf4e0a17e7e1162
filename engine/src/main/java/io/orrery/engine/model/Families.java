package io.orrery.engine.model;

import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Bias;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.FeedForward;
import io.orrery.engine.model.ModelSpec.Gate;
import io.orrery.engine.model.ModelSpec.Heads;
import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.model.ModelSpec.Mask;
import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.model.ModelSpec.QkNorm;
import io.orrery.engine.model.ModelSpec.Rope;
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
            "gemma", Families::gemma,
            "llama", Families::llama,
            "mistral", Families::mistral,
            "opt", Families::opt,
            "phi3", Families::phi3,
            "qwen2", Families::qwen2,
            "qwen3", Families::qwen3,
            "starcoder2", Families::starcoder2));

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
    public static int contextLength(JsonNode configJson) {
        Config config = new Config(configJson);
        int otherwise = switch (config.string("model_type").orElse("")) {
            case "mistral" -> 131_072;
            case "qwen2", "qwen3" -> 32_768;
            case "gemma" -> 8192;
            case "phi3", "starcoder2" -> 4096;
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

    /** Embeddings are scaled, norms store their weight less one, and {@code gelu} means the tanh approximation. */
    private static CausalLm gemma(Config c) {
        Norm norm = new Norm.Rms((float) c.decimal("rms_norm_eps", 1e-6), 1);
        String named =
                c.string("hidden_act").filter(name -> !name.equals("gelu")).orElse("gelu_pytorch_tanh");
        FeedForward feedForward = new FeedForward(
                c.size("intermediate_size"), Decoder.activation(named, "hidden_act"), Gate.SEPARATE, false);
        Attention attention = attention(c, kvHeads(c, 16), c.size("head_dim", 256))
                .with(c.flag("attention_bias", false) ? Bias.QKV_AND_OUTPUT : Bias.NONE);
        float scale = (float) Math.sqrt(c.size("hidden_size"));
        Input.Tokens input = new Input.Tokens(c.size("vocab_size"), scale, 0, 0);
        return Decoder.read(c, norm, feedForward, true).with(input).with(_ -> attention);
    }

    private static CausalLm starcoder2(Config c) {
        boolean bias = c.flag("use_bias", true);
        Norm norm = new Norm.LayerNorm((float) c.decimal("norm_epsilon", 1e-5));
        FeedForward feedForward = new FeedForward(
                c.size("intermediate_size"), Decoder.activation(c, "hidden_act", "gelu_pytorch_tanh"), Gate.NONE, bias);
        Attention attention = windowed(attention(c, kvHeads(c, 2)), c.count("sliding_window", 0))
                .with(bias ? Bias.QKV_AND_OUTPUT : Bias.NONE);
        return Decoder.read(c, norm, feedForward, true).with(_ -> attention);
    }

    private static CausalLm phi3(Config c) {
        int heads = c.size("num_attention_heads");
        FeedForward feedForward = new FeedForward(
                c.size("intermediate_size"), Decoder.activation(c, "hidden_act", "silu"), Gate.FUSED, false);
        Attention attention = windowed(attention(c, c.size("num_key_value_heads", heads)), c.count("sliding_window", 0))
                .inOneProjection();
        return Decoder.read(c, new Norm.Rms((float) c.decimal("rms_norm_eps", 1e-5)), feedForward, false)
                .with(_ -> attention);
    }

    /** Positions are learned, and looked up two rows further. */
    private static CausalLm opt(Config c) {
        int hidden = c.size("hidden_size");
        require(c.size("word_embed_proj_dim", hidden) == hidden, "word_embed_proj_dim other than hidden_size");
        require(c.flag("do_layer_norm_before", true), "do_layer_norm_before false");
        require(!c.flag("_remove_final_layer_norm", false), "_remove_final_layer_norm");
        require(c.flag("layer_norm_elementwise_affine", true), "layer_norm_elementwise_affine false");
        boolean bias = c.flag("enable_bias", true);
        FeedForward feedForward = new FeedForward(
                c.size("ffn_dim"), Decoder.activation(c, "activation_function", "relu"), Gate.NONE, bias);
        int heads = c.size("num_attention_heads");
        Attention attention = new Attention(
                        new Heads(heads, heads, headDim(hidden, heads)), Rope.OFF, new Mask(true, 0))
                .with(bias ? Bias.QKV_AND_OUTPUT : Bias.NONE);
        Input.Tokens input = new Input.Tokens(c.size("vocab_size"), 1, c.size("max_position_embeddings", 2048) + 2, 2);
        return Decoder.read(c, new Norm.LayerNorm(1e-5f), feedForward, true)
                .with(input)
                .with(_ -> attention);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new ModelException("config.json asks for " + what + ", which is not supported for this family");
        }
    }

    /** Null means one for each query head, absent the class's own default. */
    private static int kvHeads(Config c, int absent) {
        return c.size("num_key_value_heads", c.has("num_key_value_heads") ? c.size("num_attention_heads") : absent);
    }

    private static Attention attention(Config c, int kvHeads) {
        int heads = c.size("num_attention_heads");
        int hidden = c.size("hidden_size");
        return attention(c, kvHeads, c.json().hasNonNull("head_dim") ? c.size("head_dim") : headDim(hidden, heads));
    }

    private static int headDim(int hidden, int heads) {
        if (hidden % heads != 0) {
            throw new ModelException("hidden_size (" + hidden + ") is not a multiple of num_attention_heads (" + heads
                    + "), and config.json has no head_dim");
        }
        return hidden / heads;
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
