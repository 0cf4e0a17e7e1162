package io.orrery.engine.model;

import io.orrery.engine.tensor.Tensor;

/**
 * Where keys and values of past tokens lie, a pair of tensors a layer, both [slots, kvHeads*headDim] and F32. A batch's slots
 * say which rows a step's own go to, its block tables which rows attention reads.
 */
public interface KeyValueCache {
    /** After norm and rotation. @param layer block number */
    Tensor keys(int layer);

    Tensor values(int layer);
}
