package io.orrery.engine.generate;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.DeviceException;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Brings a model's weights to an engine's device, a tensor at a time, so that the device serves others in between; while it takes one,
 * the next is read from the disk. Confined to the loading thread, but for what the engine's thread touches alone.
 */
final class WeightTransfer {
    private final Engine engine;
    private final MemoryPlan plan;
    private final LoadProgress progress;

    /** What came so far. On the engine's thread only. */
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
            CompletableFuture<Long> before = CompletableFuture.completedFuture(0L);
            for (Map.Entry<String, Tensor> weight : host.entrySet()) {
                CompletableFuture<Long> begun = bring(weight.getKey(), weight.getValue(), before);
                done += engine.await(before);
                progress.loaded(Math.min(done, plan.weightBytes()), plan.weightBytes());
                before = begun;
            }
            engine.await(before);
            progress.loaded(plan.weightBytes(), plan.weightBytes());
            return engine.call(() -> Network.over(spec, device, engine.ops()));
        } catch (RuntimeException | Error e) {
            engine.call(this::giveBack);
            throw e;
        }
    }

    /**
     * The disk is waited for, and rows that must be computed are, here and not on the engine's thread.
     *
     * @param before the tensor that the engine takes meanwhile: no more than two are on their way
     * @return the bytes that it takes there
     */
    private CompletableFuture<Long> bring(String name, Tensor host, CompletableFuture<Long> before) {
        if (host.isComputed()) {
            try (Arena arena = Arena.ofShared()) {
                Tensor copy = host.copyTo(arena);
                return CompletableFuture.completedFuture(engine.call(() -> put(name, copy)));
            }
        }
        if (host.segment().isMapped()) {
            host.segment().load();
        }
        engine.await(before);
        return engine.start(() -> put(name, host));
    }

    private long put(String name, Tensor host) {
        Tensor tensor = load(host);
        device.put(name, tensor);
        return tensor.storage().byteSize();
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
