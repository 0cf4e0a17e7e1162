package io.orrery.engine.train;

import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.LoraAdaptation;
import io.orrery.engine.model.LoraAdapter;
import io.orrery.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which weights are trained, and what they add to the network. Confined to the thread that owns the device. */
sealed interface Trainable extends AutoCloseable {
    /** On the device, by name, in a fixed order. */
    Map<String, Tensor> weights();

    Adaptation adaptation();

    /** Whether weight decay applies to a weight. */
    boolean decays(String name);

    /** Before each pass of a step. */
    void begin(int step, int pass);

    @Override
    void close();

    /** The network itself. Biases and norms do not decay, as in transformers. */
    record Everything(Map<String, Tensor> weights) implements Trainable {
        @Override
        public Adaptation adaptation() {
            return Adaptation.NONE;
        }

        @Override
        public boolean decays(String name) {
            return !name.endsWith(".bias") && !name.endsWith("norm.weight");
        }

        @Override
        public void begin(int step, int pass) {
            // nothing is random
        }

        @Override
        public void close() {
            // the network's owner frees it
        }
    }

    /** Low-rank pairs beside a network that stays as it is. */
    final class Adapter implements Trainable {
        private final LoraAdapter adapter;
        private final Map<String, Tensor> weights = new LinkedHashMap<>();
        private final Dropout dropout;

        Adapter(LoraAdapter adapter, double dropout, long seed) {
            this.adapter = adapter;
            this.dropout = new Dropout(LoraAdaptation.all(adapter), dropout, seed);
            adapter.deltas().forEach((projection, delta) -> {
                weights.put(projection + ".lora_a", delta.a());
                weights.put(projection + ".lora_b", delta.b());
            });
        }

        LoraAdapter adapter() {
            return adapter;
        }

        @Override
        public Map<String, Tensor> weights() {
            return weights;
        }

        @Override
        public Adaptation adaptation() {
            return dropout;
        }

        @Override
        public boolean decays(String name) {
            return true;
        }

        @Override
        public void begin(int step, int pass) {
            dropout.begin(step, pass);
        }

        @Override
        public void close() {
            adapter.free();
        }
    }
}
