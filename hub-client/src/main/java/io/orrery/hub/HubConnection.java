package io.orrery.hub;

import io.orrery.api.hub.HubError;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
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
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Requests with a deadline, a bearer token and JSON; answers that are no success become {@link HubException}s. Safe for many threads. */
final class HubConnection implements AutoCloseable {
    /** Listings leave out what was not asked for, numbers and flags too. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final HttpClient http;
    private final Supplier<String> bearerToken;
    private final HubTimeouts timeouts;

    HubConnection(Supplier<String> bearerToken, HubTimeouts timeouts) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeouts.connect())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.bearerToken = bearerToken;
        this.timeouts = timeouts;
    }

    HubTimeouts timeouts() {
        return timeouts;
    }

    JsonMapper json() {
        return JSON;
    }

    <T> T get(URI uri, Class<T> type) {
        return parse(uri, exchange(authorized(uri).GET().build()).body(), type);
    }

    HttpResponse<byte[]> get(URI uri) {
        return exchange(authorized(uri).GET().build());
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
        return exchange(authorized(uri)
                        .header("Content-Type", mediaType)
                        .header("Accept", mediaType)
                        .method(method, BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                        .build())
                .body();
    }

    /** Posts a body that may take long; it has its size's deadline. */
    <T> T postLarge(URI uri, BodyPublisher body, String mediaType, Class<T> answer) {
        HttpRequest request =
                authorized(uri).header("Content-Type", mediaType).POST(body).build();
        Duration deadline = timeouts.upload(Math.max(0, body.contentLength()));
        return parse(
                uri,
                checked(request, exchange(request, BodyHandlers.ofByteArray(), deadline))
                        .body(),
                answer);
    }

    /** Puts a content to an address that carries its own authority, so the token stays here. */
    void put(URI uri, BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(uri).PUT(body).build();
        Duration deadline = timeouts.upload(Math.max(0, body.contentLength()));
        checked(request, exchange(request, BodyHandlers.ofByteArray(), deadline));
    }

    /** A file's bytes from an offset on; a status other than 200 or 206 becomes an exception. */
    HttpResponse<InputStream> open(URI uri, long offset) {
        HttpRequest.Builder builder = authorized(uri).GET().header("Accept-Encoding", "identity");
        if (offset > 0) {
            builder.header("Range", "bytes=" + offset + "-");
        }
        HttpRequest request = builder.build();
        HttpResponse<InputStream> response = exchange(request, TimedBody.handler(timeouts.stall()), timeouts.answer());
        if (response.statusCode() / 100 != 2) {
            throw failure(request, response, drained(response.body()));
        }
        return response;
    }

    private static byte[] drained(InputStream body) {
        try (body) {
            return body.readNBytes(1 << 16);
        } catch (IOException e) {
            return ("the answer broke off: " + e.getMessage()).getBytes(StandardCharsets.UTF_8);
        }
    }

    private HttpRequest.Builder authorized(URI uri) {
        return HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + bearerToken.get());
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) {
        return checked(request, exchange(request, BodyHandlers.ofByteArray(), timeouts.answer()));
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler, Duration deadline) {
        CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request, handler);
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unreachable(request, reason(e), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unreachable(request, "no answer within " + deadline.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new HubException(
                    0, HubException.LOCAL, "Interrupted while waiting for " + request.uri(), "interrupted", e);
        }
    }

    private static String reason(ExecutionException e) {
        Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
        if (cause instanceof ConnectException && cause.getMessage() == null) {
            return "nobody answers there";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static HubException unreachable(HttpRequest request, String reason, Exception cause) {
        String hub = request.uri().getScheme() + "://" + request.uri().getAuthority();
        return new HubException(
                0,
                HubException.UNREACHABLE,
                "The hub at " + hub + " did not answer " + request.method() + " "
                        + request.uri().getPath() + " (" + reason + "). Check its address and that it runs.",
                reason,
                cause);
    }

    private static HttpResponse<byte[]> checked(HttpRequest request, HttpResponse<byte[]> response) {
        if (response.statusCode() / 100 != 2) {
            throw failure(request, response, response.body());
        }
        return response;
    }

    private static HubException failure(HttpRequest request, HttpResponse<?> response, byte[] body) {
        String detail = message(body)
                .or(() -> response.headers().firstValue(HubError.MESSAGE))
                .orElse("no reason given");
        String code = response.headers().firstValue(HubError.CODE).orElse("");
        String message =
                request.method() + " " + request.uri().getPath() + " answered " + response.statusCode() + ": " + detail;
        return new HubException(response.statusCode(), code, message, detail, null);
    }

    private static Optional<String> message(byte[] body) {
        try {
            return Optional.ofNullable(JSON.readTree(body))
                    .map(tree -> tree.path("error").asString(""))
                    .filter(text -> !text.isEmpty());
        } catch (JacksonException e) {
            return Optional.empty();
        }
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
