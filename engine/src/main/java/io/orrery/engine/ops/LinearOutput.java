package io.orrery.engine.ops;

import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One of several projections of the same input.
 *
 * @param y [T, O], to be written
 * @param w [O, I]
 * @param b [O]
 */
public record LinearOutput(Tensor y, Tensor w, @Nullable Tensor b) {}
