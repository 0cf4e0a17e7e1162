package io.orrery.engine.train;

import io.orrery.engine.model.ModelSpec;
import io.orrery.engine.model.Weights;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import java.util.ArrayList;
import java.util.List;

/**
 * Examples side by side without padding: what one forward and backward pass takes. Positions begin anew in every example, and
 * none sees another. What stands behind an example's last label is left out, for nothing is learned from it. Immutable.
 *
 * @param tokens [T]
 * @param targets the token after each, or {@link Ops#IGNORED}, [T]
 */
@SuppressWarnings("ArrayRecordComponent") // handed to kernels as they are
record Pack(int[] tokens, int[] targets, Batch batch) {
    /** What the activations of a pass and their gradients may take. */
    private static final long MOST_BYTES = 512L << 20;

    /** An output of each projection, its gradient, and as much again for what stands between them. */
    private static final int COPIES = 3;

    /** Tokens that a pass of a model may have by the memory that they take, within 256 and 8192. */
    static int mostTokens(ModelSpec spec) {
        long features = Weights.of(spec).stream()
                .filter(weight ->
                        weight.name().startsWith("blk.") && weight.shape().rank() > 1)
                .mapToLong(weight -> weight.shape().rows())
                .sum();
        return (int) Math.clamp(MOST_BYTES / (COPIES * Float.BYTES * Math.max(1, features)), 256, 8192);
    }

    /** Passes of at most so many examples and, unless one alone is longer, so many tokens, in the given order. */
    static List<Pack> split(List<Example> examples, int mostExamples, int mostTokens) {
        List<Pack> packs = new ArrayList<>();
        List<Example> pack = new ArrayList<>();
        int tokens = 0;
        for (Example example : examples) {
            int length = length(example);
            if (!pack.isEmpty() && (pack.size() == mostExamples || tokens + length > mostTokens)) {
                packs.add(of(pack));
                pack.clear();
                tokens = 0;
            }
            pack.add(example);
            tokens += length;
        }
        if (!pack.isEmpty()) {
            packs.add(of(pack));
        }
        return packs;
    }

    static Pack of(List<Example> examples) {
        int[] lengths = examples.stream().mapToInt(Pack::length).toArray();
        Batch batch = Batch.packed(lengths);
        int[] tokens = new int[batch.tokens()];
        int[] targets = new int[batch.tokens()];
        for (int i = 0; i < lengths.length; i++) {
            int start = batch.starts()[i];
            System.arraycopy(examples.get(i).tokens(), 0, tokens, start, lengths[i]);
            System.arraycopy(examples.get(i).labels(), 1, targets, start, lengths[i]);
        }
        return new Pack(tokens, targets, batch);
    }

    /** Tokens before the last label. */
    private static int length(Example example) {
        int last = example.labels().length - 1;
        while (last > 0 && example.labels()[last] == Ops.IGNORED) {
            last--;
        }
        return last;
    }

    int trainedTokens() {
        int count = 0;
        for (int target : targets) {
            count += target == Ops.IGNORED ? 0 : 1;
        }
        return count;
    }
}
