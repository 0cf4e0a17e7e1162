package io.orrery.engine.plan;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.tensor.DType;

/** What a cache of keys and values takes. */
public final class KeyValueBytes {
    private KeyValueBytes() {}

    /** Bytes that one token takes over all layers: a row of keys and one of values in each, kvHeads*headDim wide. */
    public static long perToken(CausalLm model, DType dtype) {
        return model.text().layers().stream()
                .flatMap(layer -> layer.attention())
                .mapToLong(Attention::keyWidth)
                .map(width -> 2 * dtype.bytes(width))
                .sum();
    }
}
