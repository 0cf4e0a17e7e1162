package io.orrery.inference.access;

import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import java.util.Optional;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * For whom a model is asked; it sees what the registry lets this caller see.
 *
 * @param name of a person or service
 * @param project that the call is counted for
 * @param admin whether it may see what belongs to everybody
 */
public record Caller(String name, String project, boolean admin) {
    /** Where one local model is served, everybody is the same. */
    public static final Caller LOCAL = new Caller("local", "", false);

    /** Of the request on this thread. */
    public static Caller current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (!(authentication instanceof JwtAuthenticationToken token)) {
            return LOCAL;
        }
        return new Caller(
                Optional.ofNullable(token.getToken().getSubject()).orElse("unknown"),
                Optional.ofNullable(token.getToken().getClaimAsString(ServiceToken.PROJECT))
                        .orElse(""),
                authentication.getAuthorities().stream()
                        .anyMatch(authority -> Scope.ADMIN.authority().equals(authority.getAuthority())));
    }
}
