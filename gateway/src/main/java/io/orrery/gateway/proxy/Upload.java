package io.orrery.gateway.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way through, of which one piece is in memory. The request's thread reads the client and hands each piece on
 * when the HTTP client asks for it. No other thread touches the servlet's stream, since Tomcat uses it again for the next request;
 * and a piece does not wait for the one after it, as it does in {@code BodyPublishers.ofInputStream}.
 */
final class Upload implements BodyPublisher {
    private static final int PIECE = 64 * 1024;
    private static final Duration LOOK = Duration.ofMillis(200);

    private final InputStream client;
    private final long length;
    private final Duration idle;
    private final Semaphore taken = new Semaphore(0);
    private final Semaphore wanted = new Semaphore(0);
    private volatile Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;

    /**
     * @param client the body as it arrives
     * @param length in bytes, negative where it is not known
     * @param idle how long the service may take nothing
     */
    Upload(InputStream client, long length, Duration idle) {
        this.client = client;
        this.length = length;
        this.idle = idle;
    }

    @Override
    public long contentLength() {
        return length;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        this.subscriber = subscriber;
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {
                wanted.release((int) Math.min(count, 1 << 16));
            }

            @Override
            public void cancel() {
                // the answer is then done, and that is what the pump looks at
            }
        });
        taken.release();
    }

    /**
     * Moves the body until its end, or until the answer is there, which may be a refusal before the end.
     *
     * @throws ClientGoneException where the client breaks off
     * @throws UpstreamException where the service takes nothing for too long
     */
    void pump(Future<?> answer) throws InterruptedException {
        Optional<Flow.Subscriber<? super ByteBuffer>> taker = await(taken, answer);
        byte[] piece = new byte[PIECE];
        while (taker.isPresent()) {
            int count = read(piece, taker.get());
            if (count < 0) {
                taker.get().onComplete();
                return;
            }
            taker = await(wanted, answer);
            taker.ifPresent(to -> to.onNext(ByteBuffer.wrap(Arrays.copyOf(piece, count))));
        }
    }

    private int read(byte[] piece, Flow.Subscriber<? super ByteBuffer> taker) {
        try {
            return client.read(piece);
        } catch (IOException e) {
            taker.onError(e);
            throw new ClientGoneException("the client broke off while it sent the body: " + e.getMessage(), e);
        }
    }

    /** The taker, once it gives the sign; nobody where the answer is there first. */
    private Optional<Flow.Subscriber<? super ByteBuffer>> await(Semaphore sign, Future<?> answer)
            throws InterruptedException {
        long deadline = System.nanoTime() + idle.toNanos();
        while (!sign.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            if (answer.isDone()) {
                return Optional.empty();
            }
            if (System.nanoTime() > deadline) {
                throw new UpstreamException(
                        UpstreamException.Failure.TOO_SLOW,
                        "The service took nothing of the request's body for " + idle.toSeconds() + " s.");
            }
        }
        return answer.isDone() ? Optional.empty() : Optional.ofNullable(subscriber);
    }
}
