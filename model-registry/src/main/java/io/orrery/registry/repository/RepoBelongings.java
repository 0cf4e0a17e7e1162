package io.orrery.registry.repository;

import java.time.Instant;

/** What a repository holds beside its commits, and only as long as they need it; every such bean is asked at each collection. */
public interface RepoBelongings {
    /**
     * Lets go what the repository's commits have not and what was not touched since then.
     *
     * @return how many
     */
    int sweep(long repoId, Marks ofRepo, Instant untouchedSince);
}
