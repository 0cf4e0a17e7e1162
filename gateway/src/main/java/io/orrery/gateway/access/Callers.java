package io.orrery.gateway.access;

import io.orrery.gateway.key.StoredKey;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** Who is calling. */
public final class Callers {
    private Callers() {}

    /** The key that a request came with; empty on routes that ask for none. */
    public static Optional<StoredKey> key(HttpServletRequest request) {
        return request.getUserPrincipal() instanceof KeyAuthentication caller
                ? Optional.of(caller.key())
                : Optional.empty();
    }
}
