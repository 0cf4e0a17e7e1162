package io.orrery.engine.kvcache;

import io.orrery.engine.model.KeyValueCache;
import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Layer;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.plan.KeyValueBytes;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The device memory of one model's cache: a pair of tensors a layer, [slots, kvHeads*headDim], F32, which block tables share out.
 * Confined to the engine thread.
 */
public final class PagedCache implements KeyValueCache, AutoCloseable {
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final Ops ops;

    /** @param slots tokens that it holds */
    public PagedCache(CausalLm spec, int slots, Ops ops) {
        this.ops = ops;
        for (Layer layer : spec.text().layers()) {
            int width = width(layer);
            keys.add(ops.persistent(slots, width));
            values.add(ops.persistent(slots, width));
        }
    }

    /** Bytes that one token takes over all layers. */
    public static long bytesPerToken(CausalLm spec) {
        return KeyValueBytes.perToken(spec, DType.F32);
    }

    private static int width(Layer layer) {
        return layer.attention().findFirst().map(Attention::keyWidth).orElse(0);
    }

    @Override
    public Tensor keys(int layer) {
        return keys.get(layer);
    }

    @Override
    public Tensor values(int layer) {
        return values.get(layer);
    }

    /** Gives the memory back. */
    @Override
    public void close() {
        keys.forEach(ops::free);
        values.forEach(ops::free);
    }
}
