package io.orrery.engine.model;

import io.orrery.engine.ops.Activation;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model written down as data: every family is one value of this type, and one {@link Network} runs them all. Tensor names
 * and shapes, parameter counts, memory plans and LoRA targets are derived by walking the same value. Immutable.
 */
public sealed interface ModelSpec {
    /**
     * Next-token prediction.
     *
     * @param family its {@code model_type}: what its tensors are called in files
     */
    record CausalLm(String family, Trunk text, LmHead head) implements ModelSpec {
        CausalLm with(Trunk other) {
            return new CausalLm(family, other, head);
        }

        CausalLm with(LmHead other) {
            return new CausalLm(family, text, other);
        }
    }

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
        /**
         * One embedding a token.
         *
         * @param scale factor on embeddings (Gemma: the root of hiddenSize)
         * @param positions rows of a learned position table, 0 where positions are rotary
         * @param positionOffset row of position 0 (OPT: 2)
         */
        record Tokens(int vocabSize, float scale, int positions, int positionOffset) implements Input {
            static Tokens rotary(int vocabSize) {
                return new Tokens(vocabSize, 1, 0, 0);
            }
        }
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

        /**
         * y = x / rms(x) * (weight + offset) (Zhang and Sennrich 2019, equation 4).
         *
         * @param offset 1 where weights are stored less one (Gemma), else 0
         */
        record Rms(float eps, float offset) implements Norm {
            Rms(float eps) {
                this(eps, 0);
            }
        }

        /** y = (x - mean(x)) / sqrt(variance(x) + eps) * weight + bias (Ba et al. 2016, equation 4). */
        record LayerNorm(float eps) implements Norm {}
    }

    sealed interface Sublayer {}

    /**
     * Grouped-query attention.
     *
     * @param scale factor on q·k before the softmax
     * @param fused whether queries, keys and values are the rows of one projection, in this order (Phi-3)
     */
    record Attention(Heads heads, Rope rope, float scale, Mask mask, Bias bias, QkNorm qkNorm, boolean fused)
            implements Sublayer {
        public Attention {
            if (rope.dims() > heads.dim()) {
                throw new ModelException(
                        "a head of " + heads.dim() + " dimensions cannot rotate " + rope.dims() + " of them");
            }
        }

        /** Without biases and norms, scaled by 1/sqrt(dim). */
        public Attention(Heads heads, Rope rope, Mask mask) {
            this(heads, rope, (float) (1 / Math.sqrt(heads.dim())), mask, Bias.NONE, new QkNorm.None(), false);
        }

        public Attention with(Bias other) {
            return new Attention(heads, rope, scale, mask, other, qkNorm, fused);
        }

        public Attention with(QkNorm other) {
            return new Attention(heads, rope, scale, mask, bias, other, fused);
        }

        public Attention with(Mask other) {
            return new Attention(heads, rope, scale, other, bias, qkNorm, fused);
        }

        public Attention with(Rope other) {
            return new Attention(heads, other, scale, mask, bias, qkNorm, fused);
        }

        Attention inOneProjection() {
            return new Attention(heads, rope, scale, mask, bias, qkNorm, true);
        }

        /** Features of a row of queries, and of a row of keys. */
        public int queryWidth() {
            return heads.query() * heads.dim();
        }

        public int keyWidth() {
            return heads.kv() * heads.dim();
        }
    }

    /** down(activation(gate(x)) * up(x)), or down(activation(up(x))) without a gate. */
    record FeedForward(int intermediateSize, Activation activation, Gate gate, boolean bias) implements Sublayer {}

    /** What the activation of a feed-forward is multiplied to. */
    enum Gate {
        NONE,
        /** A projection of its own. */
        SEPARATE,
        /** The first half of the rows of the up projection (Phi-3). */
        FUSED
    }

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

    /** @param dims leading dimensions of a head that rotate; 0 where none does ({@link #OFF}) */
    record Rope(int dims, double theta, Scaling scaling) {
        /** Positions are not rotary. */
        static final Rope OFF = new Rope(0, 1, new Scaling.None());

        public Rope {
            if (dims < 0 || dims % 2 != 0 || !(theta > 0) || Double.isInfinite(theta)) {
                throw new ModelException("rotary positions need an even number of dimensions and a positive theta, not "
                        + dims + " and " + theta);
            }
            switch (scaling) {
                case Scaling.None _, Scaling.Linear _, Scaling.Llama3 _ -> {}
                case Scaling.LongRope longRope -> {
                    requireOneEach(longRope.shortFactors(), dims / 2);
                    requireOneEach(longRope.longFactors(), dims / 2);
                }
                case Scaling.Divisors divisors -> requireOneEach(divisors.values(), dims / 2);
            }
        }

        private static void requireOneEach(List<Float> divisors, int frequencies) {
            if (divisors.size() != frequencies) {
                throw new ModelException(
                        divisors.size() + " divisors do not fit " + frequencies + " frequencies of rotary positions");
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

        /**
         * Each divided by a number of its own, which are others where the whole sequence is longer than the original context:
         * {@code rope_type} longrope (Ding et al. 2024).
         *
         * @param attentionFactor on cosines and sines
         */
        record LongRope(List<Float> shortFactors, List<Float> longFactors, int originalContext, float attentionFactor)
                implements Scaling {
            public LongRope {
                shortFactors = divisors(shortFactors);
                longFactors = divisors(longFactors);
                if (!(attentionFactor > 0) || Float.isInfinite(attentionFactor)) {
                    throw new ModelException("longrope cannot multiply rotations by " + attentionFactor
                            + "; an original context of more than 1 token and a positive factor are needed");
                }
            }
        }

        /** Each divided by its own number: what GGUF stores as {@code rope_freqs.weight}. */
        record Divisors(List<Float> values) implements Scaling {
            public Divisors {
                values = divisors(values);
            }
        }

        private static List<Float> divisors(List<Float> values) {
            for (float value : values) {
                if (!(value > 0) || Float.isInfinite(value)) {
                    throw new ModelException("a frequency of rotary positions cannot be divided by " + value);
                }
            }
            return List.copyOf(values);
        }
    }

    /** @param tied whether the token embedding is the head's weight too */
    record LmHead(boolean tied) {}
}
