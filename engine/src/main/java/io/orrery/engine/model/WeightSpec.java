package io.orrery.engine.model;

import io.orrery.engine.tensor.Shape;

/** A tensor that a model calls for, by our name. */
public record WeightSpec(String name, Shape shape) {}
