package io.orrery.engine.convert;

import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Bias;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.FeedForward;
import io.orrery.engine.model.ModelSpec.Heads;
import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.model.ModelSpec.Rope;
import io.orrery.engine.model.ModelSpec.Scaling;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code config.json} of a model that came in a GGUF file, with the keys of transformers 4, which 5 reads too.
 *
 * <p>Source: transformers {@code configuration_llama.py} and its neighbours.
 */
final class HubConfig {
    private static final Map<String, String> CLASSES = Map.of(
            "llama", "LlamaForCausalLM",
            "mistral", "MistralForCausalLM",
            "qwen2", "Qwen2ForCausalLM",
            "qwen3", "Qwen3ForCausalLM",
            "gemma", "GemmaForCausalLM",
            "phi3", "Phi3ForCausalLM",
            "starcoder2", "Starcoder2ForCausalLM");

    private final HostModel host;
    private final GgufMetadata metadata;
    private final CausalLm model;
    private final Architecture architecture;
    private final ObjectNode json = JsonMapper.shared().createObjectNode();

    private HubConfig(HostModel host, GgufMetadata metadata) {
        this.host = host;
        this.metadata = metadata;
        this.model = host.spec();
        this.architecture = Architecture.of(model);
    }

    /** @param stops tokens that end an answer */
    static ObjectNode of(HostModel host, GgufMetadata metadata, Set<Integer> stops) {
        return new HubConfig(host, metadata).build(stops);
    }

    /** Llama with a window is Mistral. */
    static String family(CausalLm model) {
        boolean slides = Architecture.of(model).attention().mask().window() > 0;
        return model.family().equals("llama") && slides ? "mistral" : model.family();
    }

    private ObjectNode build(Set<Integer> ends) {
        String family = family(model);
        json.putArray("architectures").add(CLASSES.get(family));
        json.put("model_type", family);
        if (model.text().input() instanceof Input.Tokens tokens) {
            json.put("vocab_size", tokens.vocabSize());
        }
        FeedForward feedForward = architecture.feedForward();
        json.put("hidden_size", model.text().width());
        json.put("intermediate_size", feedForward.intermediateSize());
        json.put("num_hidden_layers", model.text().layers().size());
        attention(architecture.attention());
        json.put("max_position_embeddings", host.contextLength());
        json.put("tie_word_embeddings", model.head().tied());
        family(family, architecture.attention().bias(), feedForward.bias());
        rope(architecture.attention().rope());
        tokens(ends);
        json.put("torch_dtype", "float32");
        return json;
    }

    private void attention(Attention attention) {
        Heads heads = attention.heads();
        json.put("num_attention_heads", heads.query());
        json.put("num_key_value_heads", heads.kv());
        json.put("head_dim", heads.dim());
        if (attention.rope().dims() != heads.dim()) {
            json.put("partial_rotary_factor", (double) attention.rope().dims() / heads.dim());
        }
    }

    private void family(String family, Bias bias, boolean feedForwardBias) {
        float eps = model.text().outputNorm().eps();
        json.put(family.equals("starcoder2") ? "norm_epsilon" : "rms_norm_eps", decimal(eps));
        switch (family) {
            case "gemma" -> {
                json.put("hidden_act", "gelu_pytorch_tanh");
                json.put("hidden_activation", "gelu_pytorch_tanh");
                json.put("attention_bias", bias == Bias.QKV_AND_OUTPUT);
            }
            case "starcoder2" -> {
                json.put("hidden_act", "gelu_pytorch_tanh");
                json.put("use_bias", feedForwardBias);
                window();
            }
            case "qwen2" -> {
                json.put("hidden_act", "silu");
                json.put("use_sliding_window", false);
            }
            case "qwen3" -> {
                json.put("hidden_act", "silu");
                json.put("attention_bias", bias == Bias.QKV_AND_OUTPUT);
                json.put("use_sliding_window", false);
            }
            case "llama" -> {
                json.put("hidden_act", "silu");
                json.put("attention_bias", bias == Bias.QKV_AND_OUTPUT);
                json.put("mlp_bias", feedForwardBias);
            }
            default -> {
                json.put("hidden_act", "silu");
                window();
            }
        }
    }

    /** Null says that there is none, where an absent key would be the class's default. */
    private void window() {
        int window = architecture.attention().mask().window();
        if (window > 0) {
            json.put("sliding_window", window);
        } else {
            json.putNull("sliding_window");
        }
    }

    private void rope(Rope rope) {
        json.put("rope_theta", rope.theta());
        switch (rope.scaling()) {
            case Scaling.None _ -> json.putNull("rope_scaling");
            case Scaling.Linear linear ->
                json.putObject("rope_scaling")
                        .put("rope_type", "linear")
                        .put("type", "linear")
                        .put("factor", linear.factor());
            case Scaling.Llama3 llama3 -> llama3(llama3);
            case Scaling.Divisors divisors -> llama3(Llama3Fit.of(rope, divisors));
            case Scaling.LongRope longRope -> longRope(longRope);
        }
    }

    private void llama3(Scaling.Llama3 scaling) {
        json.putObject("rope_scaling")
                .put("rope_type", "llama3")
                .put("factor", scaling.factor())
                .put("low_freq_factor", scaling.lowFreqFactor())
                .put("high_freq_factor", scaling.highFreqFactor())
                .put("original_max_position_embeddings", scaling.originalContext());
    }

    /** Three keys and no fourth, or transformers 4 refuses them; the attention's factor follows from the contexts. */
    private void longRope(Scaling.LongRope scaling) {
        json.put("original_max_position_embeddings", scaling.originalContext());
        ObjectNode said = json.putObject("rope_scaling").put("type", "longrope");
        add(said.putArray("short_factor"), scaling.shortFactors());
        add(said.putArray("long_factor"), scaling.longFactors());
        double ratio = (double) host.contextLength() / scaling.originalContext();
        double usual = ratio <= 1 ? 1 : Math.sqrt(1 + Math.log(ratio) / Math.log(scaling.originalContext()));
        if (Math.abs(usual - scaling.attentionFactor()) > 1e-6 * usual) {
            said.put("attention_factor", decimal(scaling.attentionFactor()));
        }
    }

    private static void add(ArrayNode to, List<Float> factors) {
        factors.forEach(factor -> to.add(decimal(factor)));
    }

    /** As people wrote it: 1e-5, not the nearest float in double precision. */
    private static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    private void tokens(Set<Integer> ends) {
        metadata.integer("tokenizer.ggml.bos_token_id").ifPresent(id -> json.put("bos_token_id", id));
        metadata.integer("tokenizer.ggml.padding_token_id").ifPresent(id -> json.put("pad_token_id", id));
        List<Integer> stops = ends.stream().sorted().toList();
        if (stops.size() == 1) {
            json.put("eos_token_id", stops.getFirst());
        } else if (stops.size() > 1) {
            stops.forEach(json.putArray("eos_token_id")::add);
        }
    }

    /** What transformers generates with: the tokens that begin and end. */
    static ObjectNode generation(JsonNode config) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        for (String key : List.of("bos_token_id", "eos_token_id", "pad_token_id")) {
            if (config.hasNonNull(key)) {
                json.set(key, config.get(key));
            }
        }
        return json;
    }
}
