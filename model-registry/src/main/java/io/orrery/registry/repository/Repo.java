package io.orrery.registry.repository;

import io.orrery.api.hub.RepoType;
import java.time.Instant;
import java.util.Optional;

/**
 * A repository.
 *
 * @param id key of the row
 * @param publicId 24 hex digits that clients see
 * @param name {@code namespace/name}, in the case in which it was made
 * @param project whose members see it when it is private
 */
public record Repo(
        long id,
        String publicId,
        RepoType type,
        String name,
        boolean isPrivate,
        String owner,
        Optional<String> project,
        Instant createdAt,
        Instant updatedAt) {}
