package io.orrery.registry.repository;

import java.util.Collection;

/** Knows commits that are kept without a ref that leads to them; every such bean is asked at each collection. */
public interface CommitRoots {
    /** Ids of such commits of a repository; one that is not there is passed over. */
    Collection<String> of(long repoId);
}
