package io.orrery.registry.conversion;

import io.orrery.api.hub.Conversion;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** An order and where it stands. */
record Job(
        Order order,
        State state,
        int attempt,
        Times times,
        Conversion.Progress progress,
        Optional<String> commit,
        Optional<String> error) {
    enum State {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record Times(Instant created, Optional<Instant> started, Optional<Instant> finished) {}

    boolean isOpen() {
        return state == State.QUEUED || state == State.RUNNING;
    }

    Conversion told() {
        return new Conversion(
                order.id(),
                state.word(),
                order.kind().word(),
                order.type().orElse(null),
                new Conversion.Origin(
                        order.source().name(),
                        order.source().commit(),
                        order.source().file().orElse(null)),
                order.target().value(),
                order.isPrivate(),
                order.customer().name(),
                times.created(),
                times.started().orElse(null),
                times.finished().orElse(null),
                attempt,
                progress,
                commit.orElse(null),
                error.orElse(null));
    }
}
