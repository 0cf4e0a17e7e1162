package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Branch;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.FeedForward;
import io.orrery.engine.model.ModelSpec.Gate;
import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.model.ModelSpec.Layer;
import io.orrery.engine.model.ModelSpec.LmHead;
import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.model.ModelSpec.Stage;
import io.orrery.engine.model.ModelSpec.Trunk;
import io.orrery.engine.ops.Activation;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What Llama and its descendants share: token embeddings, layers of attention and a gated feed-forward behind one kind of norm,
 * head.
 */
record Decoder(
        String family,
        Input.Tokens input,
        int hiddenSize,
        int layers,
        Norm norm,
        FeedForward feedForward,
        boolean tied) {
    /** Far above the deepest published model: a hostile file must not make us list layers without end. */
    private static final int MOST_LAYERS = 4096;

    Decoder {
        if (layers > MOST_LAYERS) {
            throw new ModelException(layers + " layers are more than the " + MOST_LAYERS + " that a model may have");
        }
    }

    /** With a gated feed-forward, as Llama has it. */
    static Decoder read(Config c, boolean feedForwardBias) {
        Activation activation = activation(c, "hidden_act", "silu");
        FeedForward feedForward =
                new FeedForward(c.size("intermediate_size"), activation, Gate.SEPARATE, feedForwardBias);
        return read(c, rms(c), feedForward, false);
    }

    /** @param tied where the configuration does not say it */
    static Decoder read(Config c, Norm norm, FeedForward feedForward, boolean tied) {
        return new Decoder(
                c.string("model_type").orElse("llama"),
                Input.Tokens.rotary(c.size("vocab_size")),
                c.size("hidden_size"),
                c.size("num_hidden_layers"),
                norm,
                feedForward,
                c.flag("tie_word_embeddings", tied));
    }

    Decoder with(Input.Tokens other) {
        return new Decoder(family, other, hiddenSize, layers, norm, feedForward, tied);
    }

    static Norm rms(Config c) {
        return new Norm.Rms((float) c.decimal("rms_norm_eps", 1e-6));
    }

    /** @param attention of each layer, by its number */
    CausalLm with(IntFunction<Attention> attention) {
        List<Layer> all = IntStream.range(0, layers)
                .mapToObj(layer -> layer(attention.apply(layer)))
                .toList();
        return new CausalLm(family, new Trunk(input, List.of(new Stage(hiddenSize, all)), norm), new LmHead(tied));
    }

    private Layer layer(Attention attention) {
        return new Layer(List.of(new Branch("attn", norm, attention), new Branch("ffn", norm, feedForward)));
    }

    /** Names of transformers {@code activations.py}, ACT2FN. */
    static Activation activation(Config c, String key, String otherwise) {
        return activation(c.string(key).orElse(otherwise), key);
    }

    static Activation activation(String name, String key) {
        return switch (name) {
            case "silu", "swish" -> Activation.SILU;
            case "gelu" -> Activation.GELU;
            case "gelu_pytorch_tanh", "gelu_new" -> Activation.GELU_TANH;
            case "quick_gelu" -> Activation.QUICK_GELU;
            case "relu" -> Activation.RELU;
            default ->
                throw new ModelException(key + " '" + name
                        + "' in config.json is not supported; supported are silu, gelu, gelu_pytorch_tanh, quick_gelu and"
                        + " relu");
        };
    }
}
