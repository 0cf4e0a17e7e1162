package io.orrery.engine.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Our names of tensors and projections, which are llama.cpp's, and Hugging Face's: {@code blk.0.attn_q} is
 * {@code model.layers.0.self_attn.q_proj}, with or without {@code .weight} or {@code .bias} behind it.
 *
 * <p>Source: llama.cpp {@code gguf-py/gguf/tensor_mapping.py}.
 */
public final class WeightNames {
    private static final Pattern OURS = Pattern.compile("(?:blk\\.(\\d{1,6})\\.)?([a-z_]+)(\\.weight|\\.bias)?");
    private static final Pattern THEIRS =
            Pattern.compile("(?:model\\.layers\\.(\\d{1,6})\\.)?([a-z_.]+?)(\\.weight|\\.bias)?");

    private static final Map<String, String> TO_THEIRS = Map.ofEntries(
            Map.entry("token_embd", "model.embed_tokens"),
            Map.entry("output_norm", "model.norm"),
            Map.entry("output", "lm_head"),
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
    private static final Map<String, String> TO_OURS =
            TO_THEIRS.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private static final List<String> OUTSIDE_BLOCKS =
            List.of("token_embd", "output_norm", "output", "model.embed_tokens", "model.norm", "lm_head");

    private WeightNames() {}

    /** @throws IllegalArgumentException where no family calls a tensor so */
    public static String huggingFace(String ours) {
        return find(ours)
                .orElseThrow(() -> new IllegalArgumentException("'" + ours + "' is no name of a tensor of ours"));
    }

    /** As {@link #huggingFace}, but empty where no family calls a tensor so. */
    static Optional<String> find(String ours) {
        return translate(ours, OURS, TO_THEIRS, block -> "model.layers." + block + ".");
    }

    /** Empty where no family that is known here calls a tensor so. */
    public static Optional<String> fromHuggingFace(String theirs) {
        return translate(theirs, THEIRS, TO_OURS, block -> "blk." + block + ".");
    }

    private static Optional<String> translate(
            String name, Pattern pattern, Map<String, String> names, UnaryOperator<String> prefix) {
        Matcher matcher = pattern.matcher(name);
        if (!matcher.matches() || !names.containsKey(matcher.group(2))) {
            return Optional.empty();
        }
        String block = matcher.group(1);
        if ((block == null) != OUTSIDE_BLOCKS.contains(matcher.group(2))) {
            return Optional.empty();
        }
        String kind = matcher.group(3) == null ? "" : matcher.group(3);
        return Optional.of((block == null ? "" : prefix.apply(block)) + names.get(matcher.group(2)) + kind);
    }
}
