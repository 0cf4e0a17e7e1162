package io.orrery.engine.model;

import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One forward pass: what its layers have in common. */
final class Step {
    private final Network network;
    private final Batch batch;
    private final Optional<KeyValueCache> cache;
    private final Adaptation adaptation;
    private final Tape tape;
    private final Map<Rotary, Tensor> angles = new IdentityHashMap<>();
    private final Set<Tensor> constants = Collections.newSetFromMap(new IdentityHashMap<>());

    Step(Network network, Batch batch, Optional<KeyValueCache> cache, Adaptation adaptation, Tape tape) {
        this.network = network;
        this.batch = batch;
        this.cache = cache;
        this.adaptation = adaptation;
        this.tape = tape;
    }

    Ops ops() {
        return network.ops();
    }

    Observer observer() {
        return network.observer();
    }

    Batch batch() {
        return batch;
    }

    Optional<KeyValueCache> cache() {
        return cache;
    }

    Adaptation adaptation() {
        return adaptation;
    }

    Tape tape() {
        return tape;
    }

    /** Memory for an output that is written whole. */
    Tensor empty(long rows, long cols) {
        return ops().workspace().empty(rows, cols);
    }

    /** Computes the angles of these frequencies, before anything that gives workspace memory back. */
    void prepareAngles(Rotary rotary) {
        Tensor table = empty(batch.tokens(), 2L * rotary.pairs());
        if (rotary.dependsOnLength()) {
            for (int s = 0; s < batch.sequences(); s++) {
                int from = batch.starts()[s];
                int to = batch.starts()[s + 1];
                int[] positions = Arrays.copyOfRange(batch.positions(), from, to);
                float[] frequencies = rotary.frequencies(batch.lengths()[s]);
                ops().ropeAngles(table.rows(from, to), positions, frequencies, rotary.scale());
            }
        } else {
            ops().ropeAngles(table, batch.positions(), rotary.frequencies(0), rotary.scale());
        }
        angles.put(rotary, table);
    }

    /** [T, 2 · pairs], prepared at the beginning of the step. */
    Tensor angles(Rotary rotary) {
        Tensor table = angles.get(rotary);
        if (table == null) {
            throw new IllegalStateException("the angles of these frequencies were not prepared");
        }
        return table;
    }

    /** Nothing trainable lies before x: nobody wants its gradient. */
    void markConstant(Tensor x) {
        constants.add(x);
    }

    boolean isConstant(Tensor x) {
        return constants.contains(x);
    }

    /** Where to add the gradient of x; null where nobody wants it. */
    @Nullable
    Tensor gradient(Tensor x) {
        return isConstant(x) ? null : tape.gradient(x);
    }
}
