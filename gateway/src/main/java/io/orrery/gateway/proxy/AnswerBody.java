package io.orrery.gateway.proxy;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer's body as it arrives, taken part by part; the next part is asked for when one is taken, so a slow client slows the service
 * and not this process's memory. One taker; closing is safe from any thread.
 */
final class AnswerBody implements BodySubscriber<AnswerBody> {
    /** What comes next of a body. */
    sealed interface Part {
        record Bytes(List<ByteBuffer> buffers) implements Part {
            public Bytes {
                buffers = List.copyOf(buffers);
            }
        }

        record End() implements Part {}

        record BrokenOff(Throwable cause) implements Part {}
    }

    /** Holds at most the part that was asked for and the end. */
    private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();

    private final Object lock = new Object();
    private Flow.@Nullable Subscription subscription;
    private boolean closed;

    /** The body is there as soon as the headers are. */
    @Override
    public CompletionStage<AnswerBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    /** The next part, or nothing where none came in time. */
    Optional<Part> next(Duration patience) throws InterruptedException {
        Part part = parts.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (part instanceof Part.Bytes) {
            request();
        }
        return Optional.ofNullable(part);
    }

    /** Ends the exchange; where the body is not over, the connection to the service is closed. */
    void close() {
        Flow.Subscription open;
        synchronized (lock) {
            closed = true;
            open = subscription;
        }
        if (open != null) {
            open.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        boolean late;
        synchronized (lock) {
            this.subscription = subscription;
            late = closed;
        }
        if (late) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        parts.add(new Part.Bytes(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        parts.add(new Part.BrokenOff(cause));
    }

    @Override
    public void onComplete() {
        parts.add(new Part.End());
    }

    private void request() {
        Flow.Subscription open;
        synchronized (lock) {
            open = subscription;
        }
        if (open != null) {
            open.request(1);
        }
    }
}
