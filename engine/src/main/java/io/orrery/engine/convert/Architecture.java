package io.orrery.engine.convert;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.FeedForward;
import io.orrery.engine.model.ModelSpec.Heads;
import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.model.ModelSpec.Mask;
import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.model.ModelSpec.Scaling;
import io.orrery.engine.ops.Activation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model as the metadata of a GGUF file describes it.
 *
 * <p>Source: llama.cpp {@code convert_hf_to_gguf.py}, {@code set_gguf_parameters} of each family, and {@code src/llama-model.cpp},
 * which says what is computed with them.
 *
 * @param name what llama.cpp calls the architecture
 */
record Architecture(String name, CausalLm model) {
    private static final List<String> OWN_NAME = List.of("gemma", "phi3", "qwen2", "qwen3", "starcoder2");
    private static final double DEFAULT_THETA = 10_000;

    /** @throws ConversionException where llama.cpp computes no such model */
    static Architecture of(CausalLm model) {
        String name = switch (model.family()) {
            case "llama", "mistral" -> "llama";
            case String family when OWN_NAME.contains(family) -> family;
            default ->
                throw new ConversionException("llama.cpp has no architecture for models of the family '"
                        + model.family() + "', so there is no GGUF of them; keep the Hugging Face folder");
        };
        Architecture architecture = new Architecture(name, model);
        architecture.requireActivation();
        return architecture;
    }

    private void requireActivation() {
        Activation wanted = name.equals("gemma") || name.equals("starcoder2") ? Activation.GELU_TANH : Activation.SILU;
        Activation found = feedForward().activation();
        if (found != wanted) {
            throw new ConversionException("llama.cpp computes " + wanted + " in every model of architecture " + name
                    + ", and this one has " + found + ": its GGUF would answer differently");
        }
    }

    /** Whether queries and keys lie pair by pair in the file. */
    boolean isInterleaved() {
        return name.equals("llama");
    }

    Attention attention() {
        return body(Attention.class);
    }

    FeedForward feedForward() {
        return body(FeedForward.class);
    }

    private <T> T body(Class<T> type) {
        return model.text().layers().stream()
                .flatMap(layer -> layer.branches().stream())
                .map(branch -> branch.body())
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new ConversionException("the model has no layer, which no GGUF reader expects"));
    }

    /** The window of every layer; 0 for none, and where layers differ, which no key can say. */
    private int window() {
        List<Integer> windows = windows();
        return windows.size() == 1 ? windows.getFirst() : 0;
    }

    private List<Integer> windows() {
        return model.text().layers().stream()
                .flatMap(layer -> layer.attention())
                .map(Attention::mask)
                .map(Mask::window)
                .distinct()
                .toList();
    }

    /** What a reader of the file will not do as the model asks. */
    List<String> losses() {
        if (windows().stream().allMatch(window -> window == 0)) {
            return List.of();
        }
        String rest = windows().size() == 1
                ? "; the key is written, and read by this engine"
                : ", and no key says which layers have one: this engine will let all see everything too";
        return List.of("llama.cpp lets every token see all before it, where this model has a window of "
                + windows().stream().mapToInt(Integer::intValue).max().orElse(0)
                + " tokens: longer texts are computed differently" + rest);
    }

    /** The keys that stand behind the architecture's name. @param contextLength positions that the model was made for */
    Map<String, Object> metadata(int contextLength) {
        Map<String, Object> keys = new LinkedHashMap<>();
        Attention attention = attention();
        Heads heads = attention.heads();
        keys.put("block_count", model.text().layers().size());
        keys.put("context_length", contextLength);
        keys.put("embedding_length", model.text().width());
        keys.put("feed_forward_length", feedForward().intermediateSize());
        keys.put("attention.head_count", heads.query());
        keys.put("attention.head_count_kv", heads.kv());
        switch (model.text().outputNorm()) {
            case Norm.Rms rms -> keys.put("attention.layer_norm_rms_epsilon", rms.eps());
            case Norm.LayerNorm norm -> keys.put("attention.layer_norm_epsilon", norm.eps());
        }
        if (name.equals("gemma")
                || name.equals("qwen3")
                || heads.query() * heads.dim() != model.text().width()) {
            keys.put("attention.key_length", heads.dim());
            keys.put("attention.value_length", heads.dim());
        }
        if (name.equals("phi3") || window() > 0) {
            keys.put("attention.sliding_window", window());
        }
        if (model.text().input() instanceof Input.Tokens tokens) {
            keys.put("vocab_size", tokens.vocabSize());
        }
        rope(keys, contextLength);
        Map<String, Object> named = new LinkedHashMap<>();
        keys.forEach((key, value) -> named.put(name + "." + key, value));
        return named;
    }

    private void rope(Map<String, Object> keys, int contextLength) {
        boolean isGemma = name.equals("gemma");
        double theta = attention().rope().theta();
        if (!isGemma || theta != DEFAULT_THETA) {
            keys.put("rope.freq_base", (float) theta);
        }
        if (!isGemma) {
            keys.put("rope.dimension_count", attention().rope().dims());
        }
        if (name.equals("phi3")) {
            keys.put("rope.scaling.original_context_length", contextLength);
        }
        switch (attention().rope().scaling()) {
            case Scaling.None _, Scaling.Llama3 _, Scaling.Divisors _ -> {}
            case Scaling.Linear linear -> {
                keys.put("rope.scaling.type", "linear");
                keys.put("rope.scaling.factor", (float) linear.factor());
            }
            case Scaling.LongRope longRope -> {
                keys.put("rope.scaling.original_context_length", longRope.originalContext());
                keys.put("rope.scaling.attn_factor", longRope.attentionFactor());
            }
        }
    }
}
