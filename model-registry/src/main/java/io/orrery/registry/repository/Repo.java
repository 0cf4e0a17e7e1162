package io.orrery.registry.repository;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.wire.HubProblem;
import java.time.Instant;
import java.util.Optional;

/**
 * A repository.
 *
 * @param id key of the row
 * @param publicId 24 hex digits that clients see
 * @param name {@code namespace/name}, in the case in which it was made
 * @param project whose members see it when it is private
 * @param gated {@code auto} or {@code manual} where contents are for those alone who were let in
 * @param mirrored whether it is another hub's, and only read here
 * @param discussionsDisabled whether nobody discusses it and proposes commits
 * @param disabled whether an administrator took it down
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
        Instant updatedAt,
        Optional<String> gated,
        boolean mirrored,
        boolean discussionsDisabled,
        boolean disabled) {
    /** This repository, unless it is another hub's. */
    public Repo requireOurs() {
        if (mirrored) {
            throw HubProblem.forbidden("Forbidden: " + name + " is a mirror of another hub's repository, which is only"
                    + " read here. Push to a repository of a name of your own.");
        }
        return this;
    }
}
