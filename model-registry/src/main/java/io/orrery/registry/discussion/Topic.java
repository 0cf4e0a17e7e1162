package io.orrery.registry.discussion;

import io.orrery.registry.repository.Revisions;
import java.time.Instant;
import java.util.Optional;

/**
 * A discussion or a proposal of commits.
 *
 * @param mergedOid commit by which a proposal came into {@code main}
 */
record Topic(
        int number,
        String title,
        String author,
        Status status,
        boolean isProposal,
        Optional<String> mergedOid,
        Instant createdAt,
        int comments) {
    enum Status {
        DRAFT,
        OPEN,
        CLOSED,
        MERGED;

        /** As clients and rows have it. */
        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        static Status of(String word) {
            return valueOf(word.toUpperCase(java.util.Locale.ROOT));
        }
    }

    /** The ref of a proposal's commits. */
    String ref() {
        return Revisions.PROPOSALS + number;
    }

    boolean isSettled() {
        return status == Status.CLOSED || status == Status.MERGED;
    }
}
