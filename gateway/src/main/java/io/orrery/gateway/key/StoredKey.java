package io.orrery.gateway.key;

import io.orrery.api.identity.Scope;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What is kept of a key: all but the secret. Immutable.
 *
 * @param id names the key in tokens, listings and logs
 * @param prefix the secret's first characters
 */
public record StoredKey(
        String id,
        String prefix,
        String name,
        String project,
        Set<Scope> scopes,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt) {
    public StoredKey {
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("the key " + name + " has no scope; give it at least one");
        }
        scopes = Set.copyOf(EnumSet.copyOf(scopes));
    }

    boolean hasExpired(Instant now) {
        return expiresAt.filter(end -> !now.isBefore(end)).isPresent();
    }

    boolean isRevoked() {
        return revokedAt.isPresent();
    }
}
