package io.orrery.registry.repository;

import io.orrery.registry.blob.Sha256;
import java.util.Collection;
import java.util.Map;

/** Knows the names under which contents of a repository can be fetched in parts. */
public interface XetNames {
    /** Names of those of the contents that have one. */
    Map<Sha256, String> of(Repo repo, Collection<Sha256> contents);
}
