package io.orrery.engine.generate;

import io.orrery.engine.kvcache.BlockPool;
import io.orrery.engine.model.LoraAdapter;
import io.orrery.engine.ops.DeviceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One model's sequences and the steps that move them on. Confined to the engine thread, but for the counters.
 */
final class StepLoop {
    private final Forward forward;
    private final BlockPool pool;
    private final Scheduler scheduler;
    private final int contextLength;
    private final int maxWaiting;
    private final AtomicLong generatedTokens = new AtomicLong();
    private final AtomicLong promptTokens = new AtomicLong();
    private final Map<LoraAdapter, Runnable> retired = new IdentityHashMap<>();
    private volatile int freeBlocks;
    private volatile int running;
    private volatile int waiting;

    StepLoop(Forward forward, BlockPool pool, int contextLength, EngineOptions options) {
        this.forward = forward;
        this.pool = pool;
        this.scheduler = new Scheduler(options.tokenBudget(), options.maxSequences());
        this.contextLength = Math.min(contextLength, pool.blocks() * pool.blockSize());
        this.maxWaiting = options.maxWaiting();
        this.freeBlocks = pool.freeBlocks();
    }

    /** Part of the cache's blocks that sequences hold, 0 to 1. */
    double cacheUse() {
        return 1 - (double) freeBlocks / pool.blocks();
    }

    boolean isFull() {
        return waiting >= maxWaiting;
    }

    /** Tokens that prompt and answer may have together: the model's context, or what the cache holds. */
    int contextLength() {
        return contextLength;
    }

    int running() {
        return running;
    }

    int waiting() {
        return waiting;
    }

    long promptTokens() {
        return promptTokens.get();
    }

    long generatedTokens() {
        return generatedTokens.get();
    }

    void add(GenerationRequest request, Optional<LoraAdapter> adapter, Generation generation) {
        if (scheduler.waiting() >= maxWaiting) {
            generation.emit(new GenerationEvent.Failed(full()));
            return;
        }
        promptTokens.addAndGet(request.prompt().length);
        scheduler.add(new Sequence(request, adapter, generation, pool, contextLength, forward.recomputedBeyond()));
        count();
    }

    EngineException full() {
        return new EngineException(EngineException.Reason.BUSY, maxWaiting + " requests wait already; try again later");
    }

    /**
     * Computes one step.
     *
     * @return false where there was nothing to do
     * @throws DeviceException where the device has ended
     */
    boolean step() {
        List<Scheduler.Chunk> chunks = scheduler.next();
        if (!chunks.isEmpty()) {
            try {
                compute(chunks);
            } catch (DeviceException | OutOfMemoryError e) {
                RuntimeException cause = EngineException.withoutRoom(e, "this step");
                chunks.forEach(chunk -> fail(chunk.sequence(), cause));
                if (e instanceof DeviceException device && device.reason() == DeviceException.Reason.ENDED) {
                    throw device;
                }
            } catch (RuntimeException e) {
                // one bad step must not take the other models' sequences with it; its own readers are told
                chunks.forEach(chunk -> fail(chunk.sequence(), e));
            }
        }
        count();
        return !chunks.isEmpty();
    }

    private void compute(List<Scheduler.Chunk> chunks) {
        List<int[]> wanted = chunks.stream()
                .map(chunk ->
                        chunk.wanted().map(i -> chunk.sequence().cached() + i).toArray())
                .toList();
        Iterator<float[]> logits = forward.logits(chunks).iterator();
        chunks.forEach(chunk -> chunk.sequence().advance(chunk.count()));
        for (int c = 0; c < chunks.size(); c++) {
            Sequence sequence = chunks.get(c).sequence();
            int before = sequence.length();
            for (int index : wanted.get(c)) {
                if (sequence.take(index, logits.next())) {
                    scheduler.remove(sequence);
                }
            }
            generatedTokens.addAndGet(sequence.length() - before);
        }
    }

    /** Runs once no sequence uses the adapter any more, at once where none does. */
    void whenUnused(LoraAdapter adapter, Runnable free) {
        retired.put(adapter, free);
        count();
    }

    /** Ends everything that is under way. */
    void failAll(RuntimeException cause) {
        List<Sequence> all = new ArrayList<>(scheduler.sequences());
        all.forEach(sequence -> fail(sequence, cause));
        count();
    }

    void close() {
        failAll(new EngineException(EngineException.Reason.STOPPED, "the model was unloaded"));
        forward.close();
    }

    private void fail(Sequence sequence, RuntimeException cause) {
        scheduler.remove(sequence);
        sequence.fail(cause);
    }

    private void count() {
        freeBlocks = pool.freeBlocks();
        waiting = scheduler.waiting();
        running = scheduler.running();
        if (!retired.isEmpty()) {
            Set<LoraAdapter> used = Collections.newSetFromMap(new IdentityHashMap<>());
            scheduler.sequences().forEach(sequence -> sequence.adapter().ifPresent(used::add));
            retired.entrySet().removeIf(entry -> {
                boolean unused = !used.contains(entry.getKey());
                if (unused) {
                    entry.getValue().run();
                }
                return unused;
            });
        }
    }
}
