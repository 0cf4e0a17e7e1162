package io.orrery.gateway.proxy;

import io.orrery.gateway.route.Worker;
import java.net.http.HttpHeaders;

/**
 * A service's answer whose body is still coming.
 *
 * @param asking what ends with it
 */
record Answer(Target target, Begun begun, Worker.Asking asking) implements AutoCloseable {
    /** An answer's head, and its body that is still coming. */
    record Begun(int status, HttpHeaders headers, AnswerBody body) {}

    int status() {
        return begun.status();
    }

    HttpHeaders headers() {
        return begun.headers();
    }

    AnswerBody body() {
        return begun.body();
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
        begun.body().close();
        asking.close();
    }
}
