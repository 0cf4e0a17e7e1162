package io.orrery.engine.generate;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.DeviceException;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Brings a model's weights to an engine's device, a tensor at a time, so that the device serves others in between. Confined to the
 * loading thread.
 */
final class WeightTransfer {
    private final Engine engine;
    private final MemoryPlan plan;
    private final LoadProgress progress;
    private final Map<String, Tensor> device = new LinkedHashMap<>();

    WeightTransfer(Engine engine, MemoryPlan plan, LoadProgress progress) {
        this.engine = engine;
        this.plan = plan;
        this.progress = progress;
    }

    /** What came so far is given back where one tensor fails. */
    Network bring(CausalLm spec, Map<String, Tensor> host) {
        try {
            long done = 0;
            for (Map.Entry<String, Tensor> weight : host.entrySet()) {
                Tensor tensor = bring(weight.getValue());
                device.put(weight.getKey(), tensor);
                done += tensor.storage().byteSize();
                progress.loaded(Math.min(done, plan.weightBytes()), plan.weightBytes());
            }
            return engine.call(() -> Network.over(spec, device, engine.ops()));
        } catch (RuntimeException | Error e) {
            engine.call(this::giveBack);
            throw e;
        }
    }

    /** The disk is waited for, and rows that must be computed are, here and not on the engine's thread. */
    private Tensor bring(Tensor host) {
        if (host.isComputed()) {
            try (Arena arena = Arena.ofShared()) {
                Tensor copy = host.copyTo(arena);
                return engine.call(() -> load(copy));
            }
        }
        if (host.segment().isMapped()) {
            host.segment().load();
        }
        return engine.call(() -> load(host));
    }

    private Tensor load(Tensor host) {
        try {
            return Network.load(host, engine.ops());
        } catch (DeviceException | OutOfMemoryError e) {
            throw EngineException.withoutRoom(e, "the model's weights of " + plan.weightBytes() + " bytes");
        }
    }

    private boolean giveBack() {
        device.values().forEach(engine.ops()::free);
        return true;
    }
}
