package io.orrery.engine.plan;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Answering, as a plan of memory knows it: activations in 16 bit, logits in F32, prompts in chunks.
 *
 * @param context tokens of a sequence, prompt and answer together
 * @param sequences that are answered at the same time
 * @param cache what keys and values are kept in
 */
public record Inference(WeightFormat weights, int context, int sequences, DType cache) {
    /** Tokens of prompts in one step: the engine's own budget. */
    private static final int PREFILL = 512;

    /** A CUDA context is 0.3 to 0.6 GiB, with cuBLAS' workspace. */
    private static final long RUNTIME = 1L << 29;

    public Inference {
        Sizes.requirePositive("context", context);
        Sizes.requirePositive("batch", sequences);
    }

    /** With keys and values in BF16. */
    public Inference(WeightFormat weights, int context, int sequences) {
        this(weights, context, sequences, DType.BF16);
    }

    public Footprint footprint(CausalLm model) {
        Widths widths = Widths.of(model);
        List<Part> parts = new ArrayList<>(Sizes.weights(weights, model));
        long tokens = Math.multiplyExact((long) context, sequences);
        parts.add(new Part("keys and values", Math.multiplyExact(tokens, KeyValueBytes.perToken(model, cache))));
        // two rows of every projection's width in flight, in 16 bit: our own rough count
        long row = 2L * (4L * widths.intermediate() + 6L * widths.widest());
        parts.add(new Part("prompt", Math.min(PREFILL, tokens) * row));
        parts.add(new Part("logits", (long) sequences * widths.vocab() * Float.BYTES));
        parts.add(new Part("runtime", RUNTIME));
        return new Footprint(parts);
    }
}
