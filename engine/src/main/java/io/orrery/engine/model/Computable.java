package io.orrery.engine.model;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Recoded;
import io.orrery.engine.tensor.Tensor;

/** Numbers that a file may hold but nothing computes with, as ones that kernels take. */
final class Computable {
    private Computable() {}

    /** Doubles become single, as transformers computes with them; a number of one byte is exactly one of BF16. */
    static Tensor of(Tensor tensor) {
        return switch (tensor.dtype()) {
            case F64 -> Recoded.as(DType.F32, tensor);
            case F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ, F8_E8M0 -> Recoded.as(DType.BF16, tensor);
            default -> tensor;
        };
    }
}
