package io.orrery.registry.repository;

import java.time.Instant;
import java.util.Optional;

/**
 * A commit.
 *
 * @param oid 40 hex digits
 * @param generation number of its ancestors
 * @param title first line of its message
 */
public record Commit(
        String oid,
        String treeOid,
        Optional<String> parent,
        int generation,
        String title,
        String description,
        String author,
        Instant at) {}
