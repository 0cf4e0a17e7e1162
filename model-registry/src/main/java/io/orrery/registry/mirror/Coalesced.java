package io.orrery.registry.mirror;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Work that is done once however many ask for it at a time, on a thread of its own: it goes on when those who asked have gone. Safe for
 * many threads.
 */
final class Coalesced<K, V> {
    private final ConcurrentHashMap<K, CompletableFuture<V>> running = new ConcurrentHashMap<>();
    private final Executor executor;

    Coalesced(Executor executor) {
        this.executor = executor;
    }

    /** What comes of the work, or its exception; throws {@link TimeoutException} where that takes longer. */
    V get(K key, Supplier<V> work, Duration most) throws TimeoutException {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> there = running.putIfAbsent(key, mine);
        if (there == null) {
            executor.execute(() -> run(key, work, mine));
        }
        try {
            return (there == null ? mine : there).get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + key, e);
        }
    }

    private void run(K key, Supplier<V> work, CompletableFuture<V> result) {
        try {
            V value = work.get();
            running.remove(key, result);
            result.complete(value);
        } catch (Throwable failure) { // the root of a thread: who waits is told
            running.remove(key, result);
            result.completeExceptionally(failure);
        }
    }
}
