package io.orrery.engine.model;

import io.orrery.engine.ops.Activation;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model written down as data: every family is one value of this type, and one {@link Network} runs them all. Tensor names
 * and shapes, parameter counts, memory plans and LoRA targets are derived by walking the same value. Immutable.
 */
public sealed interface ModelSpec {
    /** Next-token prediction. */
    record CausalLm(Trunk text, LmHead head) implements ModelSpec {}

    /** @param stages one for a transformer; several where a model grows coarser and wider on the way */
    record Trunk(Input input, List<Stage> stages, Norm outputNorm) {
        public Trunk {
            stages = List.copyOf(stages);
        }

        /** Features of a row at the end: hiddenSize. */
        public int width() {
            return stages.getLast().width();
        }

        /** The layers of all stages, in the order that their blocks are numbered in. */
        public List<Layer> layers() {
            return stages.stream().flatMap(stage -> stage.layers().stream()).toList();
        }
    }

    record Stage(int width, List<Layer> layers) {
        public Stage {
            layers = List.copyOf(layers);
        }
    }

    /** What becomes the first row of features. */
    sealed interface Input {
        /** One embedding a token; positions are rotary. */
        record Tokens(int vocabSize) implements Input {}
    }

    /** Residual branches, one after the other: h += branch(h). */
    record Layer(List<Branch> branches) {
        public Layer {
            branches = List.copyOf(branches);
        }

        /** The attention of this layer, where it has one. */
        public Stream<Attention> attention() {
            return branches.stream()
                    .map(Branch::body)
                    .filter(Attention.class::isInstance)
                    .map(Attention.class::cast);
        }
    }

    /**
     * body(before(h)).
     *
     * @param name what its tensors are called after the block: {@code attn}, {@code ffn}
     */
    record Branch(String name, Norm before, Sublayer body) {}

    sealed interface Norm {
        float eps();

        /** y = x / rms(x) * weight (Zhang and Sennrich 2019, equation 4). */
        record Rms(float eps) implements Norm {}
    }

    sealed interface Sublayer {}

    /**
     * Grouped-query attention.
     *
     * @param scale factor on q·k before the softmax
     */
    record Attention(Heads heads, Rope rope, float scale, Mask mask, Bias bias, QkNorm qkNorm) implements Sublayer {
        public Attention {
            if (rope.dims() > heads.dim()) {
                throw new ModelException(
                        "a head of " + heads.dim() + " dimensions cannot rotate " + rope.dims() + " of them");
            }
        }

        /** Without biases and norms, scaled by 1/sqrt(dim). */
        public Attention(Heads heads, Rope rope, Mask mask) {
            this(heads, rope, (float) (1 / Math.sqrt(heads.dim())), mask, Bias.NONE, new QkNorm.None());
        }

        public Attention with(Bias other) {
            return new Attention(heads, rope, scale, mask, other, qkNorm);
        }

        public Attention with(QkNorm other) {
            return new Attention(heads, rope, scale, mask, bias, other);
        }

        public Attention with(Mask other) {
            return new Attention(heads, rope, scale, other, bias, qkNorm);
        }

        public Attention with(Rope other) {
            return new Attention(heads, other, scale, mask, bias, qkNorm);
        }
    }

    /** down(activation(gate(x)) * up(x)). */
    record FeedForward(int intermediateSize, Activation activation, boolean bias) implements Sublayer {}

    /** {@code kv == query} is multi-head attention, {@code kv == 1} multi-query. */
    record Heads(int query, int kv, int dim) {
        private static final int MOST_FEATURES = 1 << 24;

        public Heads {
            if (kv < 1 || query < kv || query % kv != 0) {
                throw new ModelException("heads (" + query + ") is not a multiple of kvHeads (" + kv + ")");
            }
            if (dim < 1 || (long) query * dim > MOST_FEATURES) {
                throw new ModelException(query + " heads of " + dim + " dimensions are not within 1.." + MOST_FEATURES);
            }
        }
    }

    /** Token t sees token s where s &lt;= t if causal, and t - s &lt; window if window is not 0. */
    record Mask(boolean causal, int window) {}

    /** Which projections of an attention add a bias. */
    enum Bias {
        NONE,
        QKV,
        QKV_AND_OUTPUT
    }

    /** What is done to queries and keys before they are rotated. */
    sealed interface QkNorm {
        record None() implements QkNorm {}

        /** Every head by itself, with one weight of a head's width for all of them. */
        record PerHead(Norm norm) implements QkNorm {}
    }

    /** @param dims leading dimensions of a head that rotate */
    record Rope(int dims, double theta, Scaling scaling) {
        public Rope {
            if (dims < 2 || dims % 2 != 0 || !(theta > 0) || Double.isInfinite(theta)) {
                throw new ModelException("rotary positions need an even number of dimensions and a positive theta, not "
                        + dims + " and " + theta);
            }
        }
    }

    /** How the frequencies of rotary positions are changed for longer contexts. */
    sealed interface Scaling {
        record None() implements Scaling {}

        /** All divided by the factor (Chen et al. 2023, positional interpolation). */
        record Linear(double factor) implements Scaling {}

        /** Low ones divided by the factor, high ones kept, those between blended: {@code rope_type} llama3. */
        record Llama3(double factor, double lowFreqFactor, double highFreqFactor, int originalContext)
                implements Scaling {}

        /** Each divided by its own number: what GGUF stores as {@code rope_freqs.weight}. */
        record Divisors(List<Float> values) implements Scaling {
            public Divisors {
                values = List.copyOf(values);
                for (float value : values) {
                    if (!(value > 0) || Float.isInfinite(value)) {
                        throw new ModelException("a frequency of rotary positions cannot be divided by " + value);
                    }
                }
            }
        }
    }

    /** @param tied whether the token embedding is the head's weight too */
    record LmHead(boolean tied) {}
}
