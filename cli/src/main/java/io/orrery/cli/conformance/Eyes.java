package io.orrery.cli.conformance;

import io.orrery.engine.model.Observer;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps of a forward pass what a case has tensors for, by their names. Confined to the thread that owns the device. */
final class Eyes implements Observer {
    private final Ops ops;
    private final GoldenCase golden;
    private final Map<String, float[]> seen = new LinkedHashMap<>();

    Eyes(Ops ops, GoldenCase golden) {
        this.ops = ops;
        this.golden = golden;
    }

    Map<String, float[]> seen() {
        return seen;
    }

    @Override
    public void embedded(Tensor x) {
        keep("deep.embed_out", x);
    }

    @Override
    public void residual(int layer, Tensor h) {
        keep("deep.layer." + layer, h);
    }

    @Override
    public boolean wantsAttention(int layer) {
        return golden.has("deep.attn." + layer);
    }

    @Override
    public void attention(int layer, int sequence, Tensor probabilities) {
        keep("deep.attn." + layer, probabilities);
    }

    private void keep(String name, Tensor tensor) {
        if (golden.has(name)) {
            seen.put(name, ops.read(tensor));
        }
    }
}
