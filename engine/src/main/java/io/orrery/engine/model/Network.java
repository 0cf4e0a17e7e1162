package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Branch;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.FeedForward;
import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.model.ModelSpec.Layer;
import io.orrery.engine.model.ModelSpec.Rope;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a {@link CausalLm} on any {@link Ops}; with a recording {@link Tape}, what it ran can be undone. Activations are of the
 * Ops' workspace, which the caller resets. Confined to the thread that owns the Ops.
 */
public final class Network {
    private static final Batch NO_TOKENS = Batch.packed();

    private final CausalLm spec;
    private final Ops ops;
    private final Map<String, Tensor> weights;
    private final Observer observer;
    private final Map<Rope, Rotary> rotations = new LinkedHashMap<>();
    private final List<List<Residual>> layers = new ArrayList<>();
    private final Embedding embedding;
    private final Normalisation outputNorm;
    private final Projection head;

    private Network(CausalLm spec, Ops ops, Map<String, Tensor> weights, Observer observer) {
        this.spec = spec;
        this.ops = ops;
        this.weights = Collections.unmodifiableMap(weights);
        this.observer = observer;
        NamedWeights named = new NamedWeights(weights);
        for (Layer layer : spec.text().layers()) {
            layers.add(residuals(layers.size(), layer, named));
        }
        this.embedding = switch (spec.text().input()) {
            case Input.Tokens tokens -> Embedding.of(tokens, named);
        };
        this.outputNorm = named.norm("output_norm", spec.text().outputNorm());
        this.head = named.projection("output", spec.head().tied() ? "token_embd" : "output");
    }

    /**
     * For inference, and as base of adapters.
     *
     * @param host tensors in host memory by our names, of any dtype that the device packs
     * @throws ModelException where they are not those of the model
     */
    public static Network frozen(CausalLm spec, Map<String, Tensor> host, Ops ops) {
        return new Network(spec, ops, WeightLoader.frozen(spec, host, ops), Observer.NONE);
    }

    /**
     * One weight as {@link #frozen} has it: matrices packed, vectors as F32. With {@link #over}, a model comes to the device weight
     * by weight, and the device can do other work in between.
     */
    public static Tensor load(Tensor host, Ops ops) {
        return WeightLoader.frozen(host, ops);
    }

    /**
     * Over weights that {@link #load} brought to the device.
     *
     * @throws ModelException where they are not those of the model
     */
    public static Network over(CausalLm spec, Map<String, Tensor> device, Ops ops) {
        WeightCheck.require(Weights.of(spec), device);
        return new Network(spec, ops, new LinkedHashMap<>(device), Observer.NONE);
    }

    /** With every weight in F32, so that each can be trained. */
    public static Network trainable(CausalLm spec, Map<String, Tensor> host, Ops ops) {
        return new Network(spec, ops, WeightLoader.trainable(spec, host, ops), Observer.NONE);
    }

    /** Host tensors to train from nothing: projections and embeddings N(0, std), norms 1, biases 0. */
    public static Map<String, Tensor> initial(CausalLm spec, long seed, double std) {
        return WeightLoader.initial(spec, seed, std);
    }

    /** The same network, looked into. */
    public Network observed(Observer eyes) {
        return new Network(spec, ops, weights, eyes);
    }

    private List<Residual> residuals(int number, Layer layer, NamedWeights named) {
        List<Residual> residuals = new ArrayList<>();
        for (Branch branch : layer.branches()) {
            String name = "blk." + number + "." + branch.name();
            Block body = switch (branch.body()) {
                case Attention a -> new AttentionBlock(name, number, a, named, rotary(a.rope()));
                case FeedForward f -> FeedForwardBlock.of(name, f, named);
            };
            residuals.add(new Residual(named.norm(name + "_norm", branch.before()), body));
        }
        return residuals;
    }

    private Optional<Rotary> rotary(Rope rope) {
        return rope.dims() == 0 ? Optional.empty() : Optional.of(rotations.computeIfAbsent(rope, Rotary::of));
    }

    /**
     * A sequence that grows longer than this must be computed anew from its first token, because its cached keys were rotated for
     * a shorter one; 0 where that never happens.
     */
    public int recomputedBeyond() {
        return Rotary.border(spec);
    }

    public CausalLm spec() {
        return spec;
    }

    public Ops ops() {
        return ops;
    }

    /** Tensors on the device by our names; a tied head has none of its own. */
    public Map<String, Tensor> weights() {
        return weights;
    }

    Observer observer() {
        return observer;
    }

    /** Bytes of the weights on the device. */
    public long bytes() {
        return weights.values().stream()
                .mapToLong(weight -> weight.storage().byteSize())
                .sum();
    }

    /** Gives the weights' memory back; the network must not be used any more. */
    public void free() {
        weights.values().forEach(ops::free);
    }

    /**
     * The hidden states after the final norm, [T, hiddenSize].
     *
     * @param tokens of all sequences, [T]
     * @param cache where keys and values are stored and read; without one, attention sees the step's own rows, which the batch
     *     must say ({@link Batch#packed})
     * @throws IllegalArgumentException where tokens do not fit the batch or vocabulary, or a cached step is to be recorded
     */
    public Tensor hidden(int[] tokens, Batch batch, Optional<KeyValueCache> cache, Adaptation adaptation, Tape tape) {
        if (tokens.length != batch.tokens()) {
            throw new IllegalArgumentException(
                    tokens.length + " tokens are not the " + batch.tokens() + " of the batch");
        }
        if (cache.isPresent() && tape.isRecording()) {
            throw new IllegalArgumentException("there is no way back through a cache; record without one");
        }
        Step step = new Step(this, batch, cache, adaptation, tape);
        rotations.values().forEach(step::prepareAngles);
        Tensor h = embedding.apply(tokens, step);
        observer.embedded(h);
        for (int layer = 0; layer < layers.size(); layer++) {
            for (Residual residual : layers.get(layer)) {
                h = residual.apply(h, step);
            }
            observer.residual(layer, h);
        }
        return outputNorm.apply(h, step);
    }

    /**
     * A residual stream, [T, hiddenSize], after the final norm, wherever it was seen: with {@link #logits}, what the model would say
     * were that layer its last (the logit lens, nostalgebraist 2020).
     */
    public Tensor normed(Tensor residual) {
        return outputNorm.apply(residual, new Step(this, NO_TOKENS, Optional.empty(), Adaptation.NONE, Tape.off()));
    }

    /** Logits, [T, vocabSize], of hidden states that {@link #hidden} gave, or of rows picked from them. */
    public Tensor logits(Tensor hidden, Adaptation adaptation, Tape tape) {
        return head.apply(hidden, new Step(this, NO_TOKENS, Optional.empty(), adaptation, tape));
    }
}
