package io.orrery.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests with a deadline, a bearer token and JSON; answers that are no success become {@link HubException}s. The token goes to the
 * hub itself alone, never to where it redirects or links to. Safe for many threads.
 */
final class HubConnection implements AutoCloseable {
    /** Listings leave out what was not asked for, numbers and flags too. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_REFUSAL = 1 << 16;

    private final HttpClient http;
    private final URI endpoint;
    private final Supplier<String> bearerToken;
    private final HubTimeouts timeouts;
    private final Retries retries;
    private volatile boolean hasAnswered;

    /** @param bearerToken an empty one is not sent */
    HubConnection(URI endpoint, Supplier<String> bearerToken, HubTimeouts timeouts, Retries retries) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeouts.connect())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.endpoint = endpoint;
        this.bearerToken = bearerToken;
        this.timeouts = timeouts;
        this.retries = retries;
    }

    HubTimeouts timeouts() {
        return timeouts;
    }

    Retries retries() {
        return retries;
    }

    JsonMapper json() {
        return JSON;
    }

    <T> T get(URI uri, Class<T> type) {
        return parse(uri, get(uri).body(), type);
    }

    HttpResponse<byte[]> get(URI uri) {
        return asked(uri, at -> authorized(at).GET().build(), timeouts.answer());
    }

    <T> T post(URI uri, Object body, String mediaType, Class<T> answer) {
        return parse(uri, send("POST", uri, body, mediaType), answer);
    }

    void post(URI uri, Object body, String mediaType) {
        send("POST", uri, body, mediaType);
    }

    void delete(URI uri, Object body) {
        send("DELETE", uri, body, "application/json");
    }

    private byte[] send(String method, URI uri, Object body, String mediaType) {
        byte[] bytes = JSON.writeValueAsBytes(body);
        return asked(
                        uri,
                        at -> authorized(at)
                                .header("Content-Type", mediaType)
                                .header("Accept", mediaType)
                                .method(method, BodyPublishers.ofByteArray(bytes))
                                .build(),
                        timeouts.answer())
                .body();
    }

    /** Posts a body that may take long and can be read again; it has its size's deadline. */
    <T> T postLarge(URI uri, BodyPublisher body, String mediaType, Class<T> answer) {
        Duration deadline = timeouts.upload(Math.max(0, body.contentLength()));
        Function<URI, HttpRequest> request = at ->
                authorized(at).header("Content-Type", mediaType).POST(body).build();
        return parse(uri, asked(uri, request, deadline).body(), answer);
    }

    /** Puts a content to an address that carries its own authority, so the token stays here. */
    HttpResponse<byte[]> put(URI uri, BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(uri).PUT(body).build();
        Duration deadline = timeouts.upload(Math.max(0, body.contentLength()));
        return checked(request, exchange(request, BodyHandlers.ofByteArray(), deadline));
    }

    /** Posts to an address that carries its own authority. */
    void postSigned(URI uri, Object body, String mediaType) {
        byte[] bytes = JSON.writeValueAsBytes(body);
        asked(
                uri,
                at -> HttpRequest.newBuilder(at)
                        .header("Content-Type", mediaType)
                        .header("Accept", mediaType)
                        .POST(BodyPublishers.ofByteArray(bytes))
                        .build(),
                timeouts.answer());
    }

    /** A part of a file as a stream; a status other than 200 or 206 becomes an exception. One try. */
    HttpResponse<InputStream> open(URI uri, Optional<String> range) {
        Function<URI, HttpRequest> request = at -> {
            HttpRequest.Builder builder = authorized(at).GET().header("Accept-Encoding", "identity");
            range.ifPresent(bytes -> builder.header("Range", bytes));
            return builder.build();
        };
        Answered<InputStream> answered = follow(uri, request, TimedBody.handler(timeouts.stall()), timeouts.answer());
        HttpResponse<InputStream> response = answered.response();
        if (response.statusCode() / 100 != 2) {
            throw Refusal.of(answered.request(), response, drained(response.body()));
        }
        return response;
    }

    private static byte[] drained(InputStream body) {
        try (body) {
            return body.readNBytes(MOST_REFUSAL);
        } catch (IOException e) {
            return ("the answer broke off: " + e.getMessage()).getBytes(StandardCharsets.UTF_8);
        }
    }

    private HttpRequest.Builder authorized(URI uri) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri);
        String token = Refusal.origin(uri).equals(Refusal.origin(endpoint)) ? bearerToken.get() : "";
        return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
    }

    /** A question that is asked again while its failure may pass. A hub that never answered is not waited for. */
    private HttpResponse<byte[]> asked(URI uri, Function<URI, HttpRequest> request, Duration deadline) {
        for (int failures = 1; ; failures++) {
            try {
                Answered<byte[]> answered = follow(uri, request, BodyHandlers.ofByteArray(), deadline);
                return checked(answered.request(), answered.response());
            } catch (HubException e) {
                boolean mayPass = e.isTransient() && (hasAnswered || e.status() != 0);
                Optional<Duration> pause = retries.pause(failures, e.retryAfter());
                if (failures >= retries.questions() || !mayPass || pause.isEmpty()) {
                    throw e;
                }
                rest(pause.get());
            }
        }
    }

    static void rest(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HubException.local("Interrupted while waiting for the next try", e);
        }
    }

    private record Answered<T>(HttpRequest request, HttpResponse<T> response) {}

    private <T> Answered<T> follow(
            URI uri, Function<URI, HttpRequest> requests, BodyHandler<T> handler, Duration deadline) {
        HttpRequest request = requests.apply(uri);
        for (int hops = 0; ; hops++) {
            HttpResponse<T> response = exchange(request, handler, deadline);
            Optional<URI> next = Redirects.next(request, response);
            if (next.isEmpty() || hops == MOST_REDIRECTS) {
                return new Answered<>(request, response);
            }
            discard(response.body());
            request = requests.apply(next.get());
        }
    }

    private static void discard(Object body) {
        if (body instanceof InputStream stream) {
            drained(stream);
        }
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler, Duration deadline) {
        CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request, handler);
        try {
            HttpResponse<T> response = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            hasAnswered = true;
            return response;
        } catch (ExecutionException e) {
            throw Refusal.unreachable(request, Refusal.reason(e), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw Refusal.unreachable(request, "no answer within " + deadline.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new HubException(
                    0, HubException.LOCAL, "Interrupted while waiting for " + request.uri(), "interrupted", e);
        }
    }

    private static HttpResponse<byte[]> checked(HttpRequest request, HttpResponse<byte[]> response) {
        if (response.statusCode() / 100 != 2) {
            throw Refusal.of(request, response, response.body());
        }
        return response;
    }

    <T> T parse(URI uri, byte[] body, Class<T> type) {
        try {
            return JSON.readValue(body, type);
        } catch (JacksonException e) {
            String message = uri + " answered something that is no " + type.getSimpleName() + ": "
                    + e.getOriginalMessage() + ". Is this address a hub?";
            throw new HubException(0, HubException.CORRUPT, message, message, e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
