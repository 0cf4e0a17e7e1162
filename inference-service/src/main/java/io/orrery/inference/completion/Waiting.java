package io.orrery.inference.completion;

import io.orrery.inference.wire.Client;
import io.orrery.inference.wire.ClientGoneException;
import io.orrery.inference.wire.EventStream;
import io.orrery.inference.wire.WireProperties;
import java.time.Duration;
import java.util.Optional;

/** What a request does while nothing happens: looks whether its client is there, and says that it is alive. Confined to its thread. */
final class Waiting {
    private final Client client;
    private final Optional<EventStream> stream;
    private final WireProperties properties;
    private long lastSaid = System.nanoTime();

    /** @param stream where comments may go; none where the answer is in one piece */
    Waiting(Client client, Optional<EventStream> stream, WireProperties properties) {
        this.client = client;
        this.stream = stream;
        this.properties = properties;
    }

    /** How long to wait before the next {@link #look}. */
    Duration step() {
        return properties.look();
    }

    /** @throws ClientGoneException where nobody waits any more */
    void look(String stage) {
        if (client.isGone()) {
            throw new ClientGoneException("the client left before the answer was there");
        }
        if (stream.isPresent()
                && System.nanoTime() - lastSaid >= properties.ping().toNanos()) {
            stream.get().ping(stage);
            lastSaid = System.nanoTime();
        }
    }

    /** Something came and, in a stream, was sent. @throws ClientGoneException where nobody waits any more */
    void heard() {
        lastSaid = System.nanoTime();
        if (client.isGone()) {
            throw new ClientGoneException("the client left during the answer");
        }
    }
}
