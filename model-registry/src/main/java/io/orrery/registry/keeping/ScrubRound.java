package io.orrery.registry.keeping;

import java.time.Instant;
import java.util.Optional;

/**
 * A round over all contents, in the order of their hashes.
 *
 * @param position the last content that was looked at; empty at first
 * @param bytes that were read
 */
record ScrubRound(
        Instant startedAt, Optional<Instant> endedAt, String position, long contents, long bytes, long damaged) {
    boolean isOver() {
        return endedAt.isPresent();
    }
}
