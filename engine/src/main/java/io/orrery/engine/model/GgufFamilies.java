package io.orrery.engine.model;

import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Bias;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.FeedForward;
import io.orrery.engine.model.ModelSpec.Heads;
import io.orrery.engine.model.ModelSpec.Mask;
import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.model.ModelSpec.QkNorm;
import io.orrery.engine.model.ModelSpec.Rope;
import io.orrery.engine.model.ModelSpec.Scaling;
import io.orrery.engine.ops.Activation;
import java.util.List;
import java.util.Set;

/**
 * The families as a GGUF file describes them: sizes by metadata, biases and a tied head by the tensors that are there. Windows
 * are not read, as llama.cpp reads none for these architectures.
 *
 * <p>Source: llama.cpp {@code src/llama-model.cpp} and {@code gguf-py/gguf/constants.py}.
 */
final class GgufFamilies {
    private static final List<String> KNOWN = List.of("llama", "qwen2", "qwen3");

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
        Norm norm = new Norm.Rms((float) keys.decimal("attention.layer_norm_rms_epsilon", 1e-5));
        FeedForward feedForward = new FeedForward(
                keys.size("feed_forward_length"), Activation.SILU, tensors.contains("blk.0.ffn_gate.bias"));
        Attention attention = attention(norm);
        return new Decoder(
                        vocabSize(),
                        keys.size("embedding_length"),
                        keys.size("block_count"),
                        norm,
                        feedForward,
                        !tensors.contains("output.weight"))
                .with(_ -> attention);
    }

    private Attention attention(Norm norm) {
        int heads = keys.size("attention.head_count");
        int dim = keys.size("attention.key_length", Math.max(1, keys.size("embedding_length") / heads));
        if (keys.size("attention.value_length", dim) != dim) {
            throw new ModelException("keys and values of different lengths are not supported");
        }
        Heads grouped = new Heads(heads, keys.size("attention.head_count_kv", heads), dim);
        boolean normed = tensors.contains("blk.0.attn_q_norm.weight");
        return new Attention(grouped, rope(dim), new Mask(true, 0))
                .with(bias())
                .with(normed ? new QkNorm.PerHead(norm) : new QkNorm.None());
    }

    private Bias bias() {
        if (!tensors.contains("blk.0.attn_q.bias")) {
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
            case "none" -> new Scaling.None();
            case "linear" -> new Scaling.Linear(factor);
            default ->
                throw new ModelException(
                        "rope.scaling.type '" + type + "' is not supported; supported are none and linear");
        };
    }

    private int vocabSize() {
        return keys.size(
                "vocab_size",
                metadata.strings("tokenizer.ggml.tokens")
                        .map(List::size)
                        .orElseThrow(() -> new ModelException("the metadata has no tokenizer.ggml.tokens")));
    }
}
