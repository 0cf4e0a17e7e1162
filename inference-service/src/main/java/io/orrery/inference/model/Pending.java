package io.orrery.inference.model;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A model on its way to whoever asked. Thread-safe. */
public final class Pending implements AutoCloseable {
    private final CompletableFuture<Lease> lease = new CompletableFuture<>();
    private volatile Supplier<String> stage = () -> "";

    /**
     * Waits for the model; empty where it takes longer.
     *
     * @throws io.orrery.inference.wire.OpenAiProblem where it cannot be had
     */
    public Optional<Lease> await(Duration patience) throws InterruptedException {
        try {
            return Optional.of(lease.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e.getCause());
        }
    }

    /** How far it is, for people. */
    public String stage() {
        return stage.get();
    }

    void watch(Supplier<String> other) {
        stage = other;
    }

    void complete(Lease ready) {
        lease.complete(ready);
    }

    void fail(Throwable cause) {
        lease.completeExceptionally(cause);
    }

    /** Nobody waits any more: the model goes back, at once or when it comes. */
    @Override
    public void close() {
        lease.whenComplete((ready, _) -> {
            if (ready != null) {
                ready.close();
            }
        });
    }
}
