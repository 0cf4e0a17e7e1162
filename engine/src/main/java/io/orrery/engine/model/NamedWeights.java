package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.tensor.Tensor;
import java.util.Map;

/** A model's tensors on the device, and what is made of them by name. */
record NamedWeights(Map<String, Tensor> tensors) {
    /** @throws ModelException where there is none of this name */
    Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelException("the model has no tensor " + name);
        }
        return tensor;
    }

    /** With its bias, where there is one. */
    Projection projection(String name) {
        return projection(name, name);
    }

    /** @param weights whose weights it shares */
    Projection projection(String name, String weights) {
        return new Projection(name, get(weights + ".weight"), tensors.get(weights + ".bias"));
    }

    Normalisation norm(String name, Norm norm) {
        return new Normalisation(norm, get(name + ".weight"), tensors.get(name + ".bias"));
    }
}
