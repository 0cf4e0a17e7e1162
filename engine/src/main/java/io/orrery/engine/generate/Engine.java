package io.orrery.engine.generate;

import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.DeviceException;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The loop that owns a device: one platform thread that computes one step of each model in turn, and between steps takes up what
 * others hand it. Thread-safe; everything it holds is touched by its own thread alone.
 */
public final class Engine implements AutoCloseable {
    private static final int INBOX = 4096;
    private static final System.Logger LOGGER = System.getLogger(Engine.class.getName());

    private final EngineOptions options;
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>(INBOX);
    private final List<StepLoop> loops = new ArrayList<>();
    private final CompletableFuture<Ops> opened = new CompletableFuture<>();
    private final Thread thread;
    private final String device;
    private volatile boolean stopping;

    /**
     * Waits until the device is open.
     *
     * @param name of the device's thread, for people who look at a thread dump
     * @param device opens the device; called on the engine's thread, which alone uses it and closes it
     * @throws RuntimeException that opening the device threw
     */
    public Engine(String name, Supplier<Ops> device, EngineOptions options) {
        this.options = options;
        this.thread = Thread.ofPlatform().name("engine-" + name).daemon().start(() -> run(device));
        this.device = await(opened).device();
    }

    public EngineOptions options() {
        return options;
    }

    /** What the device calls itself, such as {@code cpu (avx512, 2 threads)}. */
    public String device() {
        return device;
    }

    /** Whether it computes: neither closed nor ended by its device. */
    public boolean isRunning() {
        return !stopping;
    }

    /** What serving a model would take of the device. */
    public MemoryPlan plan(ModelFiles files, ServingOptions serving) {
        return MemoryPlan.of(files.spec(), files.weights(), files.contextLength(), serving, options);
    }

    /** Loads without saying how far it is; see {@link #load(ModelFiles, ServingOptions, LoadProgress)}. */
    public ServedModel load(ModelFiles files, ServingOptions serving) {
        return load(files, serving, LoadProgress.SILENT);
    }

    /**
     * Brings a model to the device and makes it ready to generate. Pages are read from the disk by the calling thread; the
     * engine's thread takes one tensor at a time, and the other models' steps go on in between. The files may be closed
     * afterwards.
     *
     * @throws EngineException where the cache would hold nothing, or the engine has stopped
     */
    public ServedModel load(ModelFiles files, ServingOptions serving, LoadProgress progress) {
        return load(files.spec(), files.weights(), plan(files, serving), progress);
    }

    ServedModel load(CausalLm spec, Map<String, Tensor> weights, MemoryPlan plan, LoadProgress progress) {
        Network network = new WeightTransfer(this, plan, progress).bring(spec, weights);
        return call(() -> ServedModel.over(this, network, plan));
    }

    /** The device. On the engine's thread only. */
    Ops ops() {
        return opened.join();
    }

    /**
     * Runs work on the engine's thread, between two steps, and waits for its result.
     *
     * @throws EngineException where the engine is too busy, has stopped, or did not come to it in time
     */
    <T> T call(Supplier<T> work) {
        return await(start(work));
    }

    /** The same without waiting; see {@link #await}. */
    <T> CompletableFuture<T> start(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        hand(() -> {
            try {
                result.complete(work.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** @throws EngineException as {@link #call} does */
    <T> T await(CompletableFuture<T> result) {
        try {
            return result.get(options.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new EngineException(
                    EngineException.Reason.TIMEOUT, "the engine did not answer within " + options.patience());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(EngineException.Reason.STOPPED, "interrupted while waiting for the engine");
        }
    }

    /** Leaves work for the engine's thread. */
    void hand(Runnable work) {
        if (stopping) {
            throw new EngineException(EngineException.Reason.STOPPED, "the engine has stopped");
        }
        if (!inbox.offer(work)) {
            throw new EngineException(
                    EngineException.Reason.BUSY, INBOX + " pieces of work wait for the engine; try again later");
        }
        if (stopping && inbox.remove(work)) {
            throw new EngineException(EngineException.Reason.STOPPED, "the engine has stopped");
        }
    }

    /** On the engine's thread only. */
    void add(StepLoop loop) {
        loops.add(loop);
    }

    /** On the engine's thread only. */
    void remove(StepLoop loop) {
        if (loops.remove(loop)) {
            loop.close();
        }
    }

    private void run(Supplier<Ops> device) {
        try {
            opened.complete(device.get());
        } catch (RuntimeException | Error e) {
            stopping = true;
            opened.completeExceptionally(e);
            return;
        }
        try {
            loop();
        } finally {
            ops().close();
        }
    }

    private void loop() {
        try {
            while (!stopping) {
                Runnable work = stepAll() ? inbox.poll() : inbox.poll(1, TimeUnit.SECONDS);
                // what comes while this is done waits for the next step: a load that hands tensor after tensor stops
                // nobody
                for (int others = inbox.size(); work != null; others--) {
                    work.run();
                    work = others > 0 ? inbox.poll() : null;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DeviceException e) {
            LOGGER.log(System.Logger.Level.ERROR, "the engine stops, since its device has ended", e);
        } finally {
            stopping = true;
            for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
                work.run();
            }
            List.copyOf(loops).forEach(this::remove);
        }
    }

    /** One step of every model. @return whether any had something to do */
    private boolean stepAll() {
        boolean worked = false;
        for (StepLoop loop : loops) {
            worked |= loop.step();
        }
        return worked;
    }

    /** Stops after the present step; what is under way ends with an error. */
    @Override
    public void close() {
        stopping = true;
        inbox.offer(() -> {});
        try {
            thread.join(options.patience());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
