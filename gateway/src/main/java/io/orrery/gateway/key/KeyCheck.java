package io.orrery.gateway.key;

import java.time.Instant;

/** What a secret turned out to be. */
public sealed interface KeyCheck {
    record Good(StoredKey key) implements KeyCheck {}

    record Unknown() implements KeyCheck {}

    record Expired(Instant at) implements KeyCheck {}

    record Revoked(Instant at) implements KeyCheck {}
}
