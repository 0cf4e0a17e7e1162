package io.orrery.engine.generate;

import io.orrery.engine.kvcache.BlockPool;
import java.util.ArrayList;
import java.util.List;
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
    private volatile int running;
    private volatile int waiting;

    StepLoop(Forward forward, BlockPool pool, int contextLength, EngineOptions options) {
        this.forward = forward;
        this.pool = pool;
        this.scheduler = new Scheduler(options.tokenBudget(), options.maxSequences());
        this.contextLength = Math.min(contextLength, pool.blocks() * pool.blockSize());
        this.maxWaiting = options.maxWaiting();
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

    void add(GenerationRequest request, Generation generation) {
        if (scheduler.waiting() >= maxWaiting) {
            generation.emit(new GenerationEvent.Failed(new EngineException(
                    EngineException.Reason.BUSY, maxWaiting + " requests wait already; try again later")));
            return;
        }
        promptTokens.addAndGet(request.prompt().length);
        scheduler.add(new Sequence(request, generation, pool, contextLength));
        count();
    }

    /** Computes one step. @return false where there was nothing to do */
    boolean step() {
        List<Scheduler.Chunk> chunks = scheduler.next();
        if (!chunks.isEmpty()) {
            List<Sequence> complete = chunks.stream()
                    .filter(Scheduler.Chunk::isLast)
                    .map(Scheduler.Chunk::sequence)
                    .toList();
            try {
                List<float[]> logits = forward.logits(chunks);
                chunks.forEach(chunk -> chunk.sequence().advance(chunk.count()));
                for (int i = 0; i < complete.size(); i++) {
                    moveOn(complete.get(i), logits.get(i));
                }
            } catch (RuntimeException e) {
                // one bad step must not take the other models' sequences with it; its own readers are told
                chunks.forEach(chunk -> fail(chunk.sequence(), e));
            }
        }
        count();
        return !chunks.isEmpty();
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

    private void moveOn(Sequence sequence, float[] logits) {
        generatedTokens.incrementAndGet();
        if (sequence.generate(logits)) {
            scheduler.remove(sequence);
        }
    }

    private void fail(Sequence sequence, RuntimeException cause) {
        scheduler.remove(sequence);
        sequence.fail(cause);
    }

    private void count() {
        running = scheduler.running();
        waiting = scheduler.waiting();
    }
}
