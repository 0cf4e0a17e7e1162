package io.orrery.cli.model;

import io.orrery.engine.tensor.Shape;
import java.util.Map;

/** A tensor as a header describes it. */
record TensorFacts(String name, String dtype, Shape shape, long bytes) {
    long parameters() {
        return shape.elements();
    }

    Map<String, Object> toJson() {
        return Map.of("name", name, "dtype", dtype, "shape", shape.dims(), "bytes", bytes);
    }
}
