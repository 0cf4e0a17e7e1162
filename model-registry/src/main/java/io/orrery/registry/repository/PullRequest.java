package io.orrery.registry.repository;

import java.time.Instant;
import java.util.Optional;

/**
 * Commits that are proposed for {@code main}.
 *
 * @param status {@code open}, {@code closed} or {@code merged}
 * @param baseOid the commit of {@code main} that they begin at
 */
public record PullRequest(
        int num,
        String title,
        String description,
        String author,
        String status,
        String baseOid,
        Optional<String> mergedOid,
        Instant createdAt) {
    /** The ref of its commits. */
    public String ref() {
        return Revisions.PULL_REQUESTS + num;
    }
}
