package io.orrery.engine.checkpoint.peft;

import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Tensors as F32, which is what PEFT keeps adapters in. */
final class Widened {
    private Widened() {}

    static Tensor toF32(Tensor tensor) {
        if (tensor.dtype() == DType.F32) {
            return tensor;
        }
        float[] values = new float[Math.toIntExact(tensor.elements())];
        BlockFormat.of(tensor.dtype()).dequantize(tensor.segment(), 0, values, 0, values.length);
        return new Tensor(DType.F32, tensor.shape(), new HostMemory(MemorySegment.ofArray(values)));
    }
}
