package io.orrery.engine.plan;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.WeightSpec;
import io.orrery.engine.model.Weights;
import io.orrery.engine.plan.Thrift.Activations;
import java.util.ArrayList;
import java.util.List;

/**
 * A training, as a plan of memory knows it: activations in 16 bit, attention that keeps no scores.
 *
 * @param context tokens of a sequence
 * @param sequences in one pass
 */
public record Tuning(Method method, int context, int sequences, Thrift thrift) {
    private static final long BF16 = 2;
    private static final int CHUNK = 256;

    /**
     * Context, workspaces and fragments of the allocator: what is left of the published tables when the parts that can be counted
     * are taken off.
     */
    private static final long RUNTIME = 1200L << 20;

    public Tuning {
        Sizes.requirePositive("context", context);
        Sizes.requirePositive("batch", sequences);
    }

    public Tuning withContext(int other) {
        return new Tuning(method, other, sequences, thrift);
    }

    public Tuning with(Activations activations) {
        return new Tuning(method, context, sequences, thrift.with(activations));
    }

    private long tokens() {
        return Math.multiplyExact((long) context, sequences);
    }

    /** Parameters that are trained. */
    public long trainable(CausalLm model) {
        return switch (method) {
            case Method.Full _ -> Weights.parameters(model);
            case Method.Lora lora -> LoraTargets.parameters(LoraTargets.of(model, lora.modules()), lora.rank());
        };
    }

    public Footprint footprint(CausalLm model) {
        Widths widths = Widths.of(model);
        List<Part> parts = new ArrayList<>(state(model));
        long perLayer = perTokenOfLayer(widths);
        long inputs = BF16 * widths.hidden() * widths.layers();
        switch (thrift.activations()) {
            case KEPT -> parts.add(new Part("activations", tokens() * perLayer * widths.layers()));
            case RECOMPUTED -> {
                parts.add(new Part("activations of a layer", tokens() * perLayer));
                parts.add(new Part("inputs of the layers", tokens() * inputs));
            }
            case OFFLOADED -> parts.add(new Part("activations of a layer", tokens() * perLayer));
        }
        parts.add(new Part("logits", logits(widths)));
        parts.add(new Part("runtime", RUNTIME));
        return new Footprint(parts);
    }

    private List<Part> state(CausalLm model) {
        List<Part> parts = new ArrayList<>();
        long trained = trainable(model);
        switch (method) {
            case Method.Full _ -> {
                parts.addAll(Sizes.weights(WeightFormats.BF16, model));
                parts.add(new Part("gradients", BF16 * trained));
            }
            case Method.Lora lora -> {
                parts.addAll(Sizes.weights(lora.base(), model));
                parts.add(new Part("adapter", Float.BYTES * trained));
                parts.add(new Part("gradients", Float.BYTES * trained));
            }
        }
        parts.add(new Part("optimiser", thrift.optimizer().bytes(trained)));
        return parts;
    }

    /**
     * Of a token in one layer: 12 bytes for each feature of a gated feed-forward and 14 for each of the rest. The counts fit four
     * published tables of memory by context.
     */
    private static long perTokenOfLayer(Widths widths) {
        return 4L * widths.rows() * widths.intermediate() + 14L * widths.widest();
    }

    private long logits(Widths widths) {
        long all = tokens() * widths.vocab();
        return switch (thrift.logits()) {
            case CHUNKED -> 2L * Float.BYTES * Math.min(CHUNK, tokens()) * widths.vocab();
            case IN_PLACE -> Float.BYTES * all;
            case ALL -> 4L * Float.BYTES * all;
        };
    }

    /** What the inputs of the layers take of the host's memory, where they are put there. */
    public long hostBytes(CausalLm model) {
        Widths widths = Widths.of(model);
        return thrift.activations() == Activations.OFFLOADED
                ? Math.multiplyExact(tokens(), BF16 * widths.hidden() * widths.layers())
                : 0;
    }

    /**
     * Floating point operations for one token, forward and back: two for each weight that it meets forward, as many again where
     * that is computed again, as many for the gradient of the input, and as many for that of a trained weight; and the attention's,
     * which see half of the context on average (Dao 2023: the way back is 2.5 times the way there).
     */
    public double flopsPerToken(CausalLm model) {
        Widths widths = Widths.of(model);
        int again = thrift.activations() == Activations.KEPT ? 0 : 1;
        double met = Weights.of(model).stream()
                .filter(weight -> isMultiplied(weight, model))
                .mapToLong(weight -> weight.shape().elements())
                .sum();
        double trained = method instanceof Method.Full ? met : trainable(model);
        double attention = 2.0 * widths.layers() * widths.query() * context * (1 + again + 2.5);
        return 2 * met * (2 + again) + 2 * trained + attention;
    }

    /** Embeddings are looked up, unless they are the head too. */
    private static boolean isMultiplied(WeightSpec weight, CausalLm model) {
        return weight.shape().rank() > 1
                && !weight.name().equals("position_embd.weight")
                && (model.head().tied() || !weight.name().equals("token_embd.weight"));
    }
}
