package io.orrery.engine.checkpoint.quantised;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;

/**
 * Which inputs of a weight share a scale.
 *
 * @param size of a group; the last one may be smaller
 */
record Groups(int inputs, int size) {
    /** @param size -1 for one group of all */
    static Groups of(int inputs, int size) {
        return new Groups(inputs, size < 1 ? inputs : size);
    }

    int count() {
        return Math.ceilDiv(inputs, size);
    }

    int[] inOrder() {
        int[] groups = new int[inputs];
        for (int k = 0; k < inputs; k++) {
            groups[k] = k / size;
        }
        return groups;
    }

    /** As a tensor of one group an input says. */
    int[] read(Parts parts, String name, Tensor order) {
        parts.require(name, order, DType.I32);
        if (!order.shape().equals(Shape.of(inputs))) {
            throw parts.broken(name, "is " + order.shape() + " and not [" + inputs + "]");
        }
        int[] groups = new int[inputs];
        for (int k = 0; k < inputs; k++) {
            groups[k] = GroupedNumbers.word(order.segment(), k);
            if (groups[k] < 0 || groups[k] >= count()) {
                throw parts.broken(name, "gives input " + k + " the group " + groups[k] + " of " + count());
            }
        }
        return groups;
    }
}
