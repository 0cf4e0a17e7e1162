package io.orrery.engine.generate;

import io.orrery.engine.checkpoint.peft.AdapterTensors;
import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.kvcache.BlockPool;
import io.orrery.engine.kvcache.PagedCache;
import io.orrery.engine.model.LoraAdapter;
import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.DeviceException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A model that generates on an engine's device, with the adapters over it. Thread-safe; closing it ends its sequences with an
 * error and gives its memory back.
 */
public final class ServedModel implements AutoCloseable {
    private final Engine engine;
    private final Network network;
    private final StepLoop loop;
    private final MemoryPlan plan;
    private final int vocabSize;
    /** Touched by the engine thread alone. */
    private final Map<String, LoraAdapter> adapters = new HashMap<>();

    private final Set<String> adapterNames = new ConcurrentSkipListSet<>();
    private final AtomicLong adapterBytes = new AtomicLong();

    private ServedModel(Engine engine, Network network, StepLoop loop, MemoryPlan plan) {
        this.engine = engine;
        this.network = network;
        this.loop = loop;
        this.plan = plan;
        this.vocabSize = switch (network.spec().text().input()) {
            case Input.Tokens tokens -> tokens.vocabSize();
        };
    }

    /** On the engine's thread: takes the cache, and joins the engine's steps. */
    static ServedModel over(Engine engine, Network network, MemoryPlan plan) {
        int blockSize = engine.options().blockSize();
        try {
            PagedCache cache = new PagedCache(network.spec(), plan.cacheBlocks() * blockSize, network.ops());
            StepLoop loop = new StepLoop(
                    new NetworkForward(network, cache),
                    new BlockPool(plan.cacheBlocks(), blockSize),
                    plan.contextLength(),
                    engine.options());
            engine.add(loop);
            return new ServedModel(engine, network, loop, plan);
        } catch (DeviceException | OutOfMemoryError e) {
            network.free();
            throw EngineException.withoutRoom(e, "a cache of " + plan.cacheBytes() + " bytes");
        }
    }

    /**
     * Queues a sequence. Its tokens come through the generation, which the caller closes.
     *
     * @throws EngineException where the request does not fit the model, or too many wait already
     */
    public Generation submit(GenerationRequest request) {
        check(request);
        if (loop.isFull()) {
            throw loop.full();
        }
        Generation generation = new Generation(request.mostEvents());
        engine.hand(() -> start(request, generation));
        return generation;
    }

    private void start(GenerationRequest request, Generation generation) {
        try {
            Optional<LoraAdapter> adapter = request.adapter()
                    .map(name -> Optional.ofNullable(adapters.get(name)).orElseThrow(() -> unknownAdapter(name)));
            loop.add(request, adapter, generation);
        } catch (RuntimeException e) {
            generation.emit(new GenerationEvent.Failed(e));
        }
    }

    private void check(GenerationRequest request) {
        for (int token : request.prompt()) {
            if (token < 0 || token >= vocabSize) {
                throw new EngineException(
                        EngineException.Reason.INVALID,
                        "the prompt has the token id " + token + ", but the vocabulary has only 0.." + (vocabSize - 1));
            }
        }
        int most = contextLength() - (request.maxTokens() == 0 ? 0 : 1);
        if (request.prompt().length > most) {
            throw new EngineException(
                    EngineException.Reason.TOO_LONG,
                    "the prompt has " + request.prompt().length + " tokens, but the context holds " + contextLength()
                            + " for prompt and answer together; shorten the prompt");
        }
        request.adapter().filter(name -> !adapterNames.contains(name)).ifPresent(name -> {
            throw unknownAdapter(name);
        });
    }

    private EngineException unknownAdapter(String name) {
        return new EngineException(
                EngineException.Reason.INVALID,
                "there is no adapter " + name + " over this model; there is "
                        + (adapterNames.isEmpty() ? "none" : String.join(", ", adapterNames)));
    }

    /**
     * Brings an adapter to the device.
     *
     * @throws io.orrery.engine.model.ModelException where it does not fit this model
     * @throws EngineException where the name is taken
     */
    public void addAdapter(String name, PeftAdapter adapter) {
        add(name, () -> LoraAdapter.load(adapter, network));
    }

    /** The same of an adapter from elsewhere, by Hugging Face's module paths. */
    public void addAdapter(String name, AdapterTensors adapter) {
        add(name, () -> LoraAdapter.load(adapter, network));
    }

    /** @param load called on the engine's thread */
    void add(String name, Supplier<LoraAdapter> load) {
        engine.call(() -> {
            if (adapters.containsKey(name)) {
                throw new EngineException(
                        EngineException.Reason.INVALID, "an adapter " + name + " is over this model already");
            }
            LoraAdapter loaded = load.get();
            adapters.put(name, loaded);
            adapterNames.add(name);
            return adapterBytes.addAndGet(loaded.bytes());
        });
    }

    /**
     * Requests cannot name the adapter any more; its memory comes back when the last sequence that uses it has ended.
     *
     * @return whether it was there
     */
    public boolean removeAdapter(String name) {
        return engine.call(() -> {
            LoraAdapter adapter = adapters.remove(name);
            adapterNames.remove(name);
            if (adapter != null) {
                loop.whenUnused(adapter, () -> free(adapter));
            }
            return adapter != null;
        });
    }

    private void free(LoraAdapter adapter) {
        adapterBytes.addAndGet(-adapter.bytes());
        adapter.free();
    }

    /** Names that requests may use. */
    public Set<String> adapters() {
        return new TreeSet<>(adapterNames);
    }

    /** Token ids are below this; a tokenizer may have fewer. */
    public int vocabSize() {
        return vocabSize;
    }

    /** Tokens that prompt and answer may have together. */
    public int contextLength() {
        return loop.contextLength();
    }

    /** Sequences being generated. */
    public int running() {
        return loop.running();
    }

    /** Sequences that wait for their turn. */
    public int waiting() {
        return loop.waiting();
    }

    /** Tokens of all prompts taken up so far. */
    public long promptTokens() {
        return loop.promptTokens();
    }

    /** Tokens generated so far. */
    public long generatedTokens() {
        return loop.generatedTokens();
    }

    /** Part of the cache that sequences hold, 0 to 1. */
    public double cacheUse() {
        return loop.cacheUse();
    }

    /** Bytes of the device: weights, cache and adapters. */
    public long bytes() {
        return plan.bytes() + adapterBytes.get();
    }

    @Override
    public void close() {
        engine.call(() -> {
            engine.remove(loop);
            adapters.values().forEach(LoraAdapter::free);
            adapters.clear();
            adapterNames.clear();
            return true;
        });
    }
}
