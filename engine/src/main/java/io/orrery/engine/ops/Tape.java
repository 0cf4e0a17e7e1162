package io.orrery.engine.ops;

import io.orrery.engine.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how to undo each forward operation. {@link #off()} remembers nothing, which is all that inference is. Confined to
 * one thread.
 */
public final class Tape {
    private final @Nullable Workspace workspace;
    private final Map<Tensor, Tensor> weightGradients;
    private final Map<Tensor, Tensor> gradients = new IdentityHashMap<>();
    private final Map<Tensor, Tensor> sharers = new IdentityHashMap<>();
    private final Deque<Runnable> steps = new ArrayDeque<>();

    private Tape(@Nullable Workspace workspace, Map<Tensor, Tensor> weightGradients) {
        this.workspace = workspace;
        this.weightGradients = weightGradients;
    }

    public static Tape off() {
        return new Tape(null, Map.of());
    }

    /**
     * @param workspace where the gradients of activations are kept
     * @param weightGradients trainable weight to its gradient, by identity; a weight that is absent is frozen
     */
    public static Tape recording(Workspace workspace, Map<Tensor, Tensor> weightGradients) {
        return new Tape(workspace, weightGradients);
    }

    public boolean isRecording() {
        return workspace != null;
    }

    /** Keeps a step of the way back; forgets it at once when off. */
    public void record(Runnable backward) {
        if (workspace != null) {
            steps.push(backward);
        }
    }

    /** The gradient of an activation, zero at first. Only within {@link #backward} and what prepares it. */
    public Tensor gradient(Tensor activation) {
        Workspace memory = workspace;
        if (memory == null) {
            throw new IllegalStateException("a tape that is off keeps no gradients");
        }
        Tensor owner = sharers.getOrDefault(activation, activation);
        return gradients.computeIfAbsent(owner, x -> memory.zeros(x.rows(), x.cols()));
    }

    /**
     * From now on an activation's gradient is that of another of the same shape: a sum's and its terms' are one. Whoever adds to
     * it on the way back must come after whoever reads it.
     */
    public void share(Tensor activation, Tensor with) {
        if (workspace != null) {
            sharers.put(activation, sharers.getOrDefault(with, with));
        }
    }

    /** The gradient of a weight, or null where it is absent or frozen. */
    public @Nullable Tensor weightGradient(@Nullable Tensor weight) {
        return weight == null ? null : weightGradients.get(weight);
    }

    /** Runs the steps from last to first, and forgets them. */
    public void backward() {
        while (!steps.isEmpty()) {
            steps.pop().run();
        }
        gradients.clear();
        sharers.clear();
    }
}
