package io.orrery.engine.plan;

import io.orrery.engine.model.ModelSpec.CausalLm;
import java.util.List;

/** What both kinds of plan need. */
final class Sizes {
    private Sizes() {}

    static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be 1 or more");
        }
    }

    /** A part for each type of weights. */
    static List<Part> weights(WeightFormat format, CausalLm model) {
        return format.bytes(model).entrySet().stream()
                .map(type -> new Part("weights, " + type.getKey(), type.getValue()))
                .toList();
    }
}
