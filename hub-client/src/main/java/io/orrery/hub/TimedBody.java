package io.orrery.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A response's body as a stream whose reads have a deadline: the timeout of {@code java.net.http} ends with the headers, and a body that
 * stalls would hang its reader forever. Confined to one reader; at most one batch of buffers is ahead of it.
 */
public final class TimedBody extends InputStream implements Flow.Subscriber<List<ByteBuffer>> {
    private sealed interface Signal {}

    private record Bytes(List<ByteBuffer> buffers) implements Signal {}

    private record End(@Nullable Throwable failure) implements Signal {}

    private final Duration stall;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Deque<ByteBuffer> ready = new ArrayDeque<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable End end;

    private TimedBody(Duration stall) {
        this.stall = stall;
    }

    /** Hands a body out as soon as its head is there; reads that wait longer than {@code stall} throw. */
    public static BodyHandler<InputStream> handler(Duration stall) {
        return info -> BodySubscribers.mapping(BodySubscribers.ofPublisher(), body -> of(body, stall));
    }

    static TimedBody of(Flow.Publisher<List<ByteBuffer>> publisher, Duration stall) {
        TimedBody body = new TimedBody(stall);
        publisher.subscribe(body);
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Bytes(buffers));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new End(failure));
    }

    @Override
    public void onComplete() {
        signals.add(new End(null));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (ready.isEmpty()) {
            if (end == null) {
                receive();
            } else if (end.failure() == null) {
                return -1;
            } else {
                throw new IOException("the connection broke while the body was read", end.failure());
            }
        }
        ByteBuffer buffer = ready.element();
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        if (!buffer.hasRemaining()) {
            ready.remove();
        }
        return count;
    }

    private void receive() throws IOException {
        switch (next()) {
            case End last -> end = last;
            case Bytes bytes -> {
                bytes.buffers().stream().filter(ByteBuffer::hasRemaining).forEach(ready::add);
                if (subscription != null) {
                    subscription.request(1);
                }
            }
        }
    }

    private Signal next() throws IOException {
        try {
            Signal signal = signals.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
            if (signal == null) {
                close();
                throw new HttpTimeoutException("no byte came for " + stall.toSeconds() + " s");
            }
            return signal;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new InterruptedIOException("interrupted while a body was read");
        }
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
