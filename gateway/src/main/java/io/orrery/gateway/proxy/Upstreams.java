package io.orrery.gateway.proxy;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.orrery.gateway.proxy.UpstreamException.Failure;
import io.orrery.gateway.route.Worker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/** Sends a call to one target and waits until its answer begins, or the client leaves. A breaker for each target. Thread-safe. */
@Component
class Upstreams {
    private static final Duration LOOK = Duration.ofMillis(200);

    private final HttpClient http;
    private final CircuitBreakerRegistry breakers;

    Upstreams(HttpClient http, CircuitBreakerRegistry breakers) {
        this.http = http;
        this.breakers = breakers;
    }

    /** Whether it failed so often lately that it is not asked now. */
    boolean isLeftAlone(Target target) {
        return breaker(target).getState() == CircuitBreaker.State.OPEN;
    }

    /**
     * @throws UpstreamException where no answer begins
     * @throws ClientGoneException where the client does not wait for it; the service sees its connection closed
     */
    Answer send(Target target, Outgoing outgoing, Client client) {
        CircuitBreaker breaker = breaker(target);
        if (!breaker.tryAcquirePermission()) {
            throw new UpstreamException(
                    Failure.LEFT_ALONE,
                    "The gateway leaves " + target.what()
                            + " alone for a moment, since it failed several times lately.");
        }
        long start = System.nanoTime();
        Worker.Asking asking = target.begin().get();
        boolean answered = false;
        try {
            Answer.Begun begun = exchange(target, outgoing, client);
            breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            answered = true;
            return new Answer(target, begun, asking);
        } catch (UpstreamException e) {
            breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, e);
            throw e;
        } catch (RuntimeException e) {
            breaker.releasePermission();
            throw e;
        } finally {
            if (!answered) {
                asking.close();
            }
        }
    }

    /** An answer that began and then broke off counts against its target too. */
    void brokeOff(Target target, Throwable cause) {
        breaker(target).onError(0, TimeUnit.NANOSECONDS, cause);
    }

    private Answer.Begun exchange(Target target, Outgoing outgoing, Client client) {
        CompletableFuture<Answer.Begun> answer = new CompletableFuture<>();
        CompletableFuture<?> exchange = http.sendAsync(outgoing.to(target.base()), head -> begin(head, answer));
        exchange.whenComplete((_, failure) -> {
            if (failure != null && !answer.completeExceptionally(failure) && !answer.isCompletedExceptionally()) {
                answer.join().body().onError(failure);
            }
        });
        boolean done = false;
        try {
            Optional<Upload> upload = outgoing.upload();
            if (upload.isPresent()) {
                upload.get().pump(answer);
            }
            Answer.Begun begun = await(answer, target, outgoing, client);
            done = true;
            return begun;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException(Failure.BROKE_OFF, "The gateway is stopping.", e);
        } finally {
            if (!done) {
                exchange.cancel(true);
            }
        }
    }

    /** The answer has begun when its head is there, also where the connection breaks right after it. */
    private static AnswerBody begin(HttpResponse.ResponseInfo head, CompletableFuture<Answer.Begun> answer) {
        AnswerBody body = new AnswerBody();
        answer.complete(new Answer.Begun(head.statusCode(), head.headers(), body));
        return body;
    }

    private static Answer.Begun await(
            CompletableFuture<Answer.Begun> answer, Target target, Outgoing outgoing, Client client)
            throws InterruptedException {
        long deadline = System.nanoTime() + outgoing.firstByte().toNanos();
        while (true) {
            try {
                return answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException waiting) {
                if (client.isGone()) {
                    throw new ClientGoneException("the client left before the answer began");
                }
                if (System.nanoTime() > deadline) {
                    throw new UpstreamException(
                            Failure.TOO_SLOW,
                            "No answer from " + target.what() + " began within "
                                    + outgoing.firstByte().toSeconds() + " s.",
                            waiting);
                }
            } catch (ExecutionException e) {
                throw failure(target, Optional.ofNullable(e.getCause()).orElse(e));
            }
        }
    }

    private static UpstreamException failure(Target target, Throwable cause) {
        return switch (cause) {
            case ConnectException _, HttpConnectTimeoutException _ ->
                new UpstreamException(
                        Failure.NOT_REACHED,
                        "The gateway cannot reach " + target.what() + " at "
                                + target.base().getAuthority() + ".",
                        cause);
            case IOException broken ->
                new UpstreamException(
                        Failure.BROKE_OFF,
                        "The connection to " + target.what() + " broke off before it answered: " + broken.getMessage(),
                        broken);
            default -> throw new IllegalStateException("the exchange with " + target.what() + " failed", cause);
        };
    }

    private CircuitBreaker breaker(Target target) {
        return breakers.circuitBreaker(target.base().toString());
    }
}
