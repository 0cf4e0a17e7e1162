package io.orrery.registry.mirror;

import io.orrery.registry.mirror.UpstreamException.Failure;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Requests to the other hub, all of one identity and one {@link RequestBudget}. Redirects are followed here, and the token goes to the hub
 * alone, never to where it leads. An upstream that does not answer is left alone for a while. Safe for many threads.
 */
@Component
class UpstreamHttp implements AutoCloseable {
    private static final int MOST_REDIRECTS = 5;
    private static final int TOO_MANY = 429;

    private record Outage(Instant until, UpstreamException why) {}

    private final MirrorProperties properties;
    private final MirrorState state;
    private final MirrorMeters meters;
    private final Clock clock;
    private final RequestBudget budget;
    private final HttpClient http;
    private volatile @Nullable Outage outage;

    UpstreamHttp(MirrorProperties properties, MirrorState state, MirrorMeters meters, Clock clock) {
        this.properties = properties;
        this.state = state;
        this.meters = meters;
        this.clock = clock;
        this.budget = new RequestBudget(clock);
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(properties.connect())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The hub as people call it. */
    String hub() {
        return String.valueOf(properties.upstream());
    }

    URI address(String path) {
        return URI.create(hub() + path);
    }

    /**
     * Asks with GET, and waits for the answer's head and what of its body the handler wants.
     *
     * @return an answer of any status but a redirect, 429 or a failure of the hub's own
     */
    <T> HttpResponse<T> get(URI uri, Map<String, String> headers, BodyHandler<T> handler) {
        Instant deadline = clock.instant().plus(properties.patience());
        while (true) {
            waitForTurn(deadline);
            state.requireOnline(uri.getPath());
            HttpResponse<T> response = follow(uri, headers, handler);
            budget.heed(response.statusCode(), response.headers());
            if (response.statusCode() == TOO_MANY) {
                continue;
            }
            if (response.statusCode() >= 500) {
                throw out(new UpstreamException(
                        Failure.UNREACHABLE,
                        hub() + " answered " + response.statusCode() + " to " + uri.getPath()
                                + ", which is a failure of its own; ask again later"));
            }
            outage = null;
            return response;
        }
    }

    /** Waits while waiting is short, and no longer than until the deadline. */
    private void waitForTurn(Instant deadline) {
        Instant now = clock.instant();
        Outage left = outage;
        if (left != null && now.isBefore(left.until())) {
            throw left.why();
        }
        Duration wait = budget.wait(now);
        if (wait.isZero()) {
            return;
        }
        if (now.plus(wait).isAfter(deadline)) {
            throw UpstreamException.busy(hub(), wait);
        }
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private <T> HttpResponse<T> follow(URI uri, Map<String, String> headers, BodyHandler<T> handler) {
        URI at = uri;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<T> response = exchange(at, headers, handler);
            Optional<String> location = response.headers().firstValue("Location");
            if (response.statusCode() / 100 != 3 || response.statusCode() == 304 || location.isEmpty()) {
                return response;
            }
            at = next(at, location.get());
        }
        throw new UpstreamException(Failure.BROKEN, hub() + " leads from " + uri.getPath() + " in a circle");
    }

    private URI next(URI from, String location) {
        try {
            URI to = from.resolve(location);
            if (to.getHost() != null && (from.getScheme().equals("http") || "https".equals(to.getScheme()))) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            throw new UpstreamException(Failure.BROKEN, hub() + " leads to '" + location + "', which is no address", e);
        }
        throw new UpstreamException(Failure.BROKEN, hub() + " leads to '" + location + "', which is not followed");
    }

    private <T> HttpResponse<T> exchange(URI uri, Map<String, String> headers, BodyHandler<T> handler) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET().header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        if (!properties.token().isEmpty() && isHub(uri)) {
            request.header("Authorization", "Bearer " + properties.token());
        }
        CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request.build(), handler);
        try {
            HttpResponse<T> response = answer.get(properties.patience().toMillis(), TimeUnit.MILLISECONDS);
            meters.answered(response.statusCode());
            return response;
        } catch (ExecutionException e) {
            meters.failed();
            throw out(unreachable(uri, Optional.ofNullable(e.getCause()).orElse(e)));
        } catch (TimeoutException e) {
            answer.cancel(true);
            meters.failed();
            throw out(new UpstreamException(
                    Failure.SLOW,
                    hub() + " gave no answer to " + uri.getPath() + " within "
                            + properties.patience().toSeconds() + " s; ask again later",
                    e));
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw interrupted(e);
        }
    }

    private boolean isHub(URI uri) {
        URI upstream = URI.create(hub());
        return uri.getScheme().equals(upstream.getScheme())
                && uri.getHost().equalsIgnoreCase(upstream.getHost())
                && uri.getPort() == upstream.getPort();
    }

    private UpstreamException unreachable(URI uri, Throwable cause) {
        String why = cause.getMessage() == null ? "nobody answers there" : cause.getMessage();
        return cause instanceof HttpConnectTimeoutException
                ? new UpstreamException(
                        Failure.SLOW, hub() + " cannot be reached (" + why + "); ask again later", cause)
                : new UpstreamException(
                        Failure.UNREACHABLE,
                        hub() + " cannot be reached for " + uri.getPath() + " (" + why + "); ask again later",
                        cause);
    }

    /** Remembers a failure, so that not everybody waits for the next one. */
    private UpstreamException out(UpstreamException why) {
        outage = new Outage(clock.instant().plus(properties.outage()), why);
        return why;
    }

    private static UpstreamException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new UpstreamException(Failure.SLOW, "The registry stops while it waits for the upstream", e);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
