package io.orrery.engine.checkpoint.peft;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;

/** Tensors as F32, which is what PEFT keeps adapters in. */
final class Widened {
    private Widened() {}

    static Tensor toF32(Tensor tensor) {
        if (tensor.dtype() == DType.F32) {
            return tensor;
        }
        long[] dims = tensor.shape().dims().stream().mapToLong(Long::longValue).toArray();
        return Tensor.of(tensor.decode(), dims);
    }
}
