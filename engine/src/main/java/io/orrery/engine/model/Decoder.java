package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Branch;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.FeedForward;
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
record Decoder(int vocabSize, int hiddenSize, int layers, Norm norm, FeedForward feedForward, boolean tied) {
    /** Far above the deepest published model: a hostile file must not make us list layers without end. */
    private static final int MOST_LAYERS = 4096;

    Decoder {
        if (layers > MOST_LAYERS) {
            throw new ModelException(layers + " layers are more than the " + MOST_LAYERS + " that a model may have");
        }
    }

    static Decoder read(Config c, boolean feedForwardBias) {
        return new Decoder(
                c.size("vocab_size"),
                c.size("hidden_size"),
                c.size("num_hidden_layers"),
                rms(c),
                new FeedForward(c.size("intermediate_size"), activation(c), feedForwardBias),
                c.flag("tie_word_embeddings", false));
    }

    static Norm rms(Config c) {
        return new Norm.Rms((float) c.decimal("rms_norm_eps", 1e-6));
    }

    /** @param attention of each layer, by its number */
    CausalLm with(IntFunction<Attention> attention) {
        List<Layer> all = IntStream.range(0, layers)
                .mapToObj(layer -> layer(attention.apply(layer)))
                .toList();
        return new CausalLm(
                new Trunk(new Input.Tokens(vocabSize), List.of(new Stage(hiddenSize, all)), norm), new LmHead(tied));
    }

    private Layer layer(Attention attention) {
        return new Layer(List.of(new Branch("attn", norm, attention), new Branch("ffn", norm, feedForward)));
    }

    /** Names of transformers {@code activations.py}, ACT2FN. */
    private static Activation activation(Config c) {
        String name = c.string("hidden_act").orElse("silu");
        return switch (name) {
            case "silu", "swish" -> Activation.SILU;
            case "gelu" -> Activation.GELU;
            case "gelu_pytorch_tanh", "gelu_new" -> Activation.GELU_TANH;
            case "quick_gelu" -> Activation.QUICK_GELU;
            case "relu" -> Activation.RELU;
            default ->
                throw new ModelException("hidden_act '" + name
                        + "' in config.json is not supported; supported are silu, gelu, gelu_pytorch_tanh, quick_gelu and"
                        + " relu");
        };
    }
}
