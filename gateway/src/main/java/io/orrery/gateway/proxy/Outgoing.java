package io.orrery.gateway.proxy;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A call as it is passed on, to whichever target.
 *
 * @param path undecoded, with the query
 * @param headers name and value in turn
 * @param body as a whole, which can be sent again, or as an upload, which cannot; neither where the call has none
 * @param firstByte how long the answer may take to begin
 */
record Outgoing(String method, String path, List<String> headers, Body body, Duration firstByte) {
    /** What goes with a call. */
    sealed interface Body {
        record None() implements Body {}

        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Whole(byte[] bytes) implements Body {}

        record Passing(Upload upload) implements Body {}
    }

    Outgoing {
        headers = List.copyOf(headers);
    }

    HttpRequest to(URI base) {
        String root = base.toString();
        URI uri = URI.create((root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + path);
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri).method(method, publisher());
        if (!headers.isEmpty()) {
            builder.headers(headers.toArray(String[]::new));
        }
        return builder.build();
    }

    Optional<Upload> upload() {
        return body instanceof Body.Passing(var upload) ? Optional.of(upload) : Optional.empty();
    }

    private BodyPublisher publisher() {
        return switch (body) {
            case Body.None _ -> BodyPublishers.noBody();
            case Body.Whole(var bytes) -> BodyPublishers.ofByteArray(bytes);
            case Body.Passing(var upload) -> upload;
        };
    }
}
