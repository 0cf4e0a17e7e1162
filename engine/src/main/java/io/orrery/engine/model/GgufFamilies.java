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
import io.orrery.engine.model.ModelSpec.Scaling;
import io.orrery.engine.ops.Activation;
import java.util.List;
import java.util.Set;

/**
 * The families as a GGUF file describes them: sizes by metadata, biases, fused projections and a tied head by the tensors that are
 * there. A window is kept where the key says one: llama.cpp's converter writes it for Phi-3, and for no other of these.
 *
 * <p>Source: llama.cpp {@code src/llama-model.cpp} and {@code gguf-py/gguf/constants.py}.
 */
final class GgufFamilies {
    private static final List<String> KNOWN = List.of("gemma", "llama", "phi3", "qwen2", "qwen3", "starcoder2");

    private final GgufKeys keys;
    private final GgufMetadata metadata;
    private final Set<String> tensors;

    private GgufFamilies(GgufMetadata metadata, Set<String> tensors) {
        this.keys = new GgufKeys(metadata);
        this.metadata = metadata;
        this.tensors = tensors;
    }

    static CausalLm of(GgufMetadata metadata, Set<String> tensors) {
        if (!KNOWN.contains(metadata.architecture())) {
            throw new ModelException(
                    "architecture '" + metadata.architecture() + "' is not supported; supported are " + KNOWN);
        }
        return new GgufFamilies(metadata, tensors).model();
    }

    private CausalLm model() {
        Norm norm = norm();
        Attention attention = attention(norm);
        return new Decoder(
                        metadata.architecture(),
                        input(),
                        keys.size("embedding_length"),
                        keys.size("block_count"),
                        norm,
                        feedForward(),
                        !tensors.contains("output.weight"))
                .with(_ -> attention);
    }

    /** The weights of Gemma's norms are stored as they are multiplied with, unlike in its Hugging Face files. */
    private Norm norm() {
        return tensors.contains("output_norm.bias")
                ? new Norm.LayerNorm((float) keys.decimal("attention.layer_norm_epsilon", 1e-5))
                : new Norm.Rms((float) keys.decimal("attention.layer_norm_rms_epsilon", 1e-5));
    }

    private Input.Tokens input() {
        boolean isGemma = metadata.architecture().equals("gemma");
        float scale = isGemma ? (float) Math.sqrt(keys.size("embedding_length")) : 1;
        return new Input.Tokens(vocabSize(), scale, 0, 0);
    }

    private FeedForward feedForward() {
        Activation activation = switch (metadata.architecture()) {
            case "gemma", "starcoder2" -> Activation.GELU_TANH;
            default -> Activation.SILU;
        };
        Gate gate = tensors.contains("blk.0.ffn_gate.weight")
                ? Gate.SEPARATE
                : metadata.architecture().equals("phi3") ? Gate.FUSED : Gate.NONE;
        return new FeedForward(
                keys.size("feed_forward_length"), activation, gate, tensors.contains("blk.0.ffn_up.bias"));
    }

    private Attention attention(Norm norm) {
        int heads = keys.size("attention.head_count");
        int dim = keys.size("attention.key_length", Math.max(1, keys.size("embedding_length") / heads));
        if (keys.size("attention.value_length", dim) != dim) {
            throw new ModelException("keys and values of different lengths are not supported");
        }
        Heads grouped = new Heads(heads, keys.size("attention.head_count_kv", heads), dim);
        boolean normed = tensors.contains("blk.0.attn_q_norm.weight");
        Attention attention = new Attention(grouped, rope(dim), new Mask(true, window()))
                .with(bias())
                .with(normed ? new QkNorm.PerHead(norm) : new QkNorm.None());
        return tensors.contains("blk.0.attn_qkv.weight") ? attention.inOneProjection() : attention;
    }

    /** Written for every Phi-3, 0 where it has none; the other architectures' windows are in no key. */
    private int window() {
        return keys.count("attention.sliding_window", 0);
    }

    private Bias bias() {
        if (!tensors.contains("blk.0.attn_q.bias") && !tensors.contains("blk.0.attn_qkv.bias")) {
            return Bias.NONE;
        }
        return tensors.contains("blk.0.attn_output.bias") ? Bias.QKV_AND_OUTPUT : Bias.QKV;
    }

    private Rope rope(int dim) {
        return new Rope(keys.size("rope.dimension_count", dim), keys.decimal("rope.freq_base", 10_000), scaling());
    }

    private Scaling scaling() {
        double factor = keys.decimal("rope.scaling.factor", keys.decimal("rope.scale_linear", 1));
        String type = keys.string("rope.scaling.type").orElse(factor == 1 ? "none" : "linear");
        return switch (type) {
            // the factors of longrope are tensors: RopeFactors
            case "none", "longrope" -> new Scaling.None();
            case "linear" -> new Scaling.Linear(factor);
            default ->
                throw new ModelException(
                        "rope.scaling.type '" + type + "' is not supported; supported are none, linear and longrope");
        };
    }

    private int vocabSize() {
        return keys.count("vocab_size", 0) > 0
                ? keys.size("vocab_size")
                : metadata.strings("tokenizer.ggml.tokens")
                        .map(List::size)
                        .orElseThrow(() -> new ModelException("the metadata has no tokenizer.ggml.tokens"));
    }
}
