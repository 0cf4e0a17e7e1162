package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Bias;
import io.orrery.engine.model.ModelSpec.Branch;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.FeedForward;
import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.model.ModelSpec.Layer;
import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.model.ModelSpec.QkNorm;
import io.orrery.engine.model.ModelSpec.Trunk;
import io.orrery.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The tensors that a {@link ModelSpec} calls for, under llama.cpp's names (gguf-py, {@code constants.py}). */
public final class Weights {
    private final List<WeightSpec> weights = new ArrayList<>();

    private Weights() {}

    /** In the order that a forward pass meets them. */
    public static List<WeightSpec> of(ModelSpec spec) {
        Weights walk = new Weights();
        switch (spec) {
            case CausalLm model -> walk.causalLm(model);
        }
        return List.copyOf(walk.weights);
    }

    /** Elements of all tensors; a tied embedding counts once. */
    public static long parameters(ModelSpec spec) {
        return of(spec).stream().mapToLong(weight -> weight.shape().elements()).sum();
    }

    private void causalLm(CausalLm model) {
        Trunk text = model.text();
        switch (text.input()) {
            case Input.Tokens tokens -> {
                matrix(
                        "token_embd",
                        tokens.vocabSize(),
                        text.stages().getFirst().width());
                if (tokens.positions() > 0) {
                    matrix(
                            "position_embd",
                            tokens.positions(),
                            text.stages().getFirst().width());
                }
                layers(text);
                norm("output_norm", text.outputNorm(), text.width());
                if (!model.head().tied()) {
                    matrix("output", tokens.vocabSize(), text.width());
                }
            }
        }
    }

    private void layers(Trunk trunk) {
        int block = 0;
        for (ModelSpec.Stage stage : trunk.stages()) {
            for (Layer layer : stage.layers()) {
                for (Branch branch : layer.branches()) {
                    branch("blk." + block + "." + branch.name(), branch, stage.width());
                }
                block++;
            }
        }
    }

    private void branch(String name, Branch branch, int width) {
        norm(name + "_norm", branch.before(), width);
        switch (branch.body()) {
            case Attention attention -> attention(name, attention, width);
            case FeedForward feedForward -> feedForward(name, feedForward, width);
        }
    }

    private void attention(String name, Attention attention, int width) {
        int queries = attention.queryWidth();
        int keys = attention.keyWidth();
        boolean bias = attention.bias() != Bias.NONE;
        if (attention.fused()) {
            linear(name + "_qkv", queries + 2 * keys, width, bias);
        } else {
            linear(name + "_q", queries, width, bias);
            linear(name + "_k", keys, width, bias);
            linear(name + "_v", keys, width, bias);
        }
        linear(name + "_output", width, queries, attention.bias() == Bias.QKV_AND_OUTPUT);
        switch (attention.qkNorm()) {
            case QkNorm.None _ -> {}
            case QkNorm.PerHead perHead -> {
                norm(name + "_q_norm", perHead.norm(), attention.heads().dim());
                norm(name + "_k_norm", perHead.norm(), attention.heads().dim());
            }
        }
    }

    private void feedForward(String name, FeedForward feedForward, int width) {
        int lifted = feedForward.intermediateSize();
        switch (feedForward.gate()) {
            case NONE -> linear(name + "_up", lifted, width, feedForward.bias());
            case SEPARATE -> {
                linear(name + "_gate", lifted, width, feedForward.bias());
                linear(name + "_up", lifted, width, feedForward.bias());
            }
            case FUSED -> linear(name + "_up", 2 * lifted, width, feedForward.bias());
        }
        linear(name + "_down", width, feedForward.intermediateSize(), feedForward.bias());
    }

    private void norm(String name, Norm norm, int width) {
        switch (norm) {
            case Norm.Rms _ -> add(name + ".weight", width);
            case Norm.LayerNorm _ -> {
                add(name + ".weight", width);
                add(name + ".bias", width);
            }
        }
    }

    private void linear(String name, int out, int in, boolean bias) {
        matrix(name, out, in);
        if (bias) {
            add(name + ".bias", out);
        }
    }

    private void matrix(String name, int out, int in) {
        add(name + ".weight", out, in);
    }

    private void add(String name, long... dims) {
        weights.add(new WeightSpec(name, Shape.of(dims)));
    }
}
