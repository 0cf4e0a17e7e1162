package io.orrery.gateway.key;

import io.orrery.api.identity.Scope;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a new key shall be.
 *
 * @param project the default project where empty
 */
public record KeyRequest(String name, Optional<String> project, Set<Scope> scopes, Optional<Instant> expiresAt) {
    public KeyRequest {
        scopes = Set.copyOf(scopes);
    }
}
