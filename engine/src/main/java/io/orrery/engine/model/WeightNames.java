package io.orrery.engine.model;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A family's names of tensors and projections, ours, which are llama.cpp's, and Hugging Face's: {@code blk.0.attn_q} is
 * {@code model.layers.0.self_attn.q_proj}, with or without {@code .weight} or {@code .bias} behind it. Immutable.
 *
 * <p>Source: llama.cpp {@code gguf-py/gguf/tensor_mapping.py}.
 */
public final class WeightNames {
    private static final Pattern OURS = Pattern.compile("(?:blk\\.(\\d{1,6})\\.)?([a-z_]+)(\\.weight|\\.bias)?");
    private static final String THEIRS = "(?:%s\\.(\\d{1,6})\\.)?([a-z0-9_.]+?)(\\.weight|\\.bias)?";

    private static final Map<String, String> LLAMA_OUTSIDE =
            Map.of("token_embd", "model.embed_tokens", "output_norm", "model.norm", "output", "lm_head");
    private static final Map<String, String> LLAMA_BLOCK = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));

    private static final WeightNames LLAMA = new WeightNames("model.layers", LLAMA_OUTSIDE, LLAMA_BLOCK);
    private static final Map<String, WeightNames> OTHERS = Map.of(
            "phi3",
            LLAMA.with(Map.of("attn_qkv", "self_attn.qkv_proj", "ffn_up", "mlp.gate_up_proj")),
            "starcoder2",
            LLAMA.with(Map.of("ffn_up", "mlp.c_fc", "ffn_down", "mlp.c_proj")),
            "opt",
            new WeightNames(
                            "model.decoder.layers",
                            Map.of(
                                    "token_embd", "model.decoder.embed_tokens",
                                    "position_embd", "model.decoder.embed_positions",
                                    "output_norm", "model.decoder.final_layer_norm",
                                    "output", "lm_head"),
                            LLAMA_BLOCK)
                    .with(Map.of(
                            "attn_norm", "self_attn_layer_norm",
                            "attn_output", "self_attn.out_proj",
                            "ffn_norm", "final_layer_norm",
                            "ffn_up", "fc1",
                            "ffn_down", "fc2")));

    private final String layers;
    private final Map<String, String> outside;
    private final Map<String, String> block;
    private final Map<String, String> outsideToOurs;
    private final Map<String, String> blockToOurs;
    private final Pattern theirs;

    private WeightNames(String layers, Map<String, String> outside, Map<String, String> block) {
        this.layers = layers;
        this.outside = Map.copyOf(outside);
        this.block = Map.copyOf(block);
        this.outsideToOurs = inverse(outside);
        this.blockToOurs = inverse(block);
        this.theirs = Pattern.compile(THEIRS.formatted(Pattern.quote(layers)));
    }

    /** @param family a {@code model_type}; those that are not named otherwise are named as Llama is */
    public static WeightNames of(String family) {
        return OTHERS.getOrDefault(family, LLAMA);
    }

    public static WeightNames of(ModelSpec spec) {
        return switch (spec) {
            case ModelSpec.CausalLm model -> of(model.family());
        };
    }

    private WeightNames with(Map<String, String> inBlocks) {
        Map<String, String> merged = new HashMap<>(block);
        merged.putAll(inBlocks);
        return new WeightNames(layers, outside, merged);
    }

    private static Map<String, String> inverse(Map<String, String> names) {
        return names.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));
    }

    /** @throws IllegalArgumentException where the family calls no tensor so */
    public String huggingFace(String ours) {
        return find(ours)
                .orElseThrow(() -> new IllegalArgumentException("'" + ours + "' is no name of a tensor of ours"));
    }

    /** As {@link #huggingFace}, but empty where the family calls no tensor so. */
    Optional<String> find(String ours) {
        return translate(OURS.matcher(ours), outside, block, number -> layers + "." + number + ".");
    }

    /** Empty where the family calls no tensor so. */
    public Optional<String> fromHuggingFace(String name) {
        return translate(theirs.matcher(name), outsideToOurs, blockToOurs, number -> "blk." + number + ".");
    }

    private static Optional<String> translate(
            Matcher matcher, Map<String, String> outside, Map<String, String> inside, UnaryOperator<String> prefix) {
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String number = matcher.group(1);
        String kind = matcher.group(3) == null ? "" : matcher.group(3);
        return number == null
                ? Optional.ofNullable(outside.get(matcher.group(2))).map(name -> name + kind)
                : Optional.ofNullable(inside.get(matcher.group(2))).map(name -> prefix.apply(number) + name + kind);
    }
}
