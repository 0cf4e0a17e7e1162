package io.orrery.engine.generate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Decides what one step computes: sequences that decode come first, the rest of the token budget goes to prompts, in chunks and
 * in order of arrival. Where the cache is full the newest sequence gives its blocks back and waits again. Confined to the
 * engine thread.
 */
final class Scheduler {
    /** So many of a sequence's pending tokens are computed in this step. */
    record Chunk(Sequence sequence, int count) {
        /** Whether the step reaches the sequence's last token, so that the next can be chosen. */
        boolean isLast() {
            return count == sequence.pending();
        }

        /** Tokens of the chunk, counted from its first, that logits are wanted after. */
        IntStream wanted() {
            return IntStream.range(0, count).filter(i -> sequence.wantsLogits(sequence.cached() + i));
        }
    }

    private final int tokenBudget;
    private final int maxSequences;
    private final Deque<Sequence> waiting = new ArrayDeque<>();
    private final List<Sequence> running = new ArrayList<>();

    Scheduler(int tokenBudget, int maxSequences) {
        this.tokenBudget = tokenBudget;
        this.maxSequences = maxSequences;
    }

    void add(Sequence sequence) {
        waiting.addLast(sequence);
    }

    int running() {
        return running.size();
    }

    int waiting() {
        return waiting.size();
    }

    boolean isIdle() {
        return running.isEmpty() && waiting.isEmpty();
    }

    /** Everything that has not ended. */
    List<Sequence> sequences() {
        List<Sequence> all = new ArrayList<>(running);
        all.addAll(waiting);
        return all;
    }

    void remove(Sequence sequence) {
        if (!running.remove(sequence)) {
            waiting.remove(sequence);
        }
    }

    /** The chunks of the next step; empty where there is nothing to do. */
    List<Chunk> next() {
        dropCancelled();
        List<Chunk> chunks = new ArrayList<>();
        int budget = tokenBudget;
        for (Sequence sequence : List.copyOf(running)) {
            if (running.contains(sequence) && sequence.isDecoding() && budget > 0) {
                budget -= take(sequence, 1, chunks);
            }
        }
        for (Sequence sequence : List.copyOf(running)) {
            if (running.contains(sequence) && !sequence.isDecoding() && budget > 0) {
                budget -= take(sequence, budget, chunks);
            }
        }
        while (budget > 0 && running.size() < maxSequences && !waiting.isEmpty()) {
            int taken = admit(waiting.peekFirst(), budget, chunks);
            if (taken == 0) {
                break;
            }
            budget -= taken;
        }
        return chunks;
    }

    /** A sequence joins only with free blocks: those that run are not preempted for it. */
    private int admit(Sequence sequence, int budget, List<Chunk> chunks) {
        int count = Math.min(budget, sequence.longestChunk());
        if (!sequence.table().reserve(sequence.cached() + count)) {
            return 0;
        }
        waiting.removeFirst();
        running.add(sequence);
        chunks.add(new Chunk(sequence, count));
        return count;
    }

    private int take(Sequence sequence, int budget, List<Chunk> chunks) {
        int count = Math.min(budget, sequence.longestChunk());
        while (!sequence.table().reserve(sequence.cached() + count)) {
            Sequence newest = running.getLast();
            preempt(newest, chunks);
            if (newest == sequence) {
                return 0;
            }
        }
        chunks.add(new Chunk(sequence, count));
        return count;
    }

    private void preempt(Sequence sequence, List<Chunk> chunks) {
        sequence.preempt();
        running.remove(sequence);
        waiting.addFirst(sequence);
        chunks.removeIf(chunk -> chunk.sequence() == sequence);
    }

    private void dropCancelled() {
        for (Iterator<Sequence> all = sequences().iterator(); all.hasNext(); ) {
            Sequence sequence = all.next();
            if (sequence.generation().isCancelled()) {
                remove(sequence);
                sequence.finish(FinishReason.CANCELLED);
            }
        }
    }
}
