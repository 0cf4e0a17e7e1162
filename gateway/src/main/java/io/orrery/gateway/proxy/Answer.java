package io.orrery.gateway.proxy;

import io.orrery.gateway.route.Worker;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;

/**
 * A service's answer whose body is still coming.
 *
 * @param asking what ends with it
 */
record Answer(Target target, HttpResponse<AnswerBody> response, Worker.Asking asking) implements AutoCloseable {
    int status() {
        return response.statusCode();
    }

    HttpHeaders headers() {
        return response.headers();
    }

    AnswerBody body() {
        return response.body();
    }

    /** Whether it is a stream of server-sent events. */
    boolean isEventStream() {
        return headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("text/event-stream"))
                .isPresent();
    }

    @Override
    public void close() {
        response.body().close();
        asking.close();
    }
}
