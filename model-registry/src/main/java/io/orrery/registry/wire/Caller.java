package io.orrery.registry.wire;

import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * Who asks, as the token says.
 *
 * @param name of a person's key or a service, by which rights go
 * @param displayName what people call the caller, for showing alone: two may have the same
 * @param project what the call is counted for
 * @param platform whether one of the platform's services asks on its own behalf: it sees every repository
 */
public record Caller(
        String name, Optional<String> displayName, Optional<String> project, Set<Scope> scopes, boolean platform) {
    /** The issuer of tokens that speak for somebody else; every other service speaks for itself. */
    private static final String GATEWAY = "gateway";

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /** A caller whom people call by the name that rights go by. */
    public Caller(String name, Optional<String> project, Set<Scope> scopes, boolean platform) {
        this(name, Optional.empty(), project, scopes, platform);
    }

    static Caller of(Authentication authentication) {
        if (!(authentication instanceof JwtAuthenticationToken token)) {
            throw new IllegalStateException("a handler was reached without a token: " + authentication);
        }
        Set<String> authorities = authentication.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .collect(Collectors.toSet());
        Set<Scope> scopes = Arrays.stream(Scope.values())
                .filter(scope -> authorities.contains(scope.authority()))
                .collect(Collectors.toSet());
        Jwt jwt = token.getToken();
        String issuer = jwt.getClaimAsString("iss");
        return new Caller(
                Optional.ofNullable(jwt.getSubject()).orElse("unknown"),
                Optional.ofNullable(jwt.getClaimAsString(ServiceToken.NAME)).filter(name -> !name.isBlank()),
                Optional.ofNullable(jwt.getClaimAsString(ServiceToken.PROJECT)),
                scopes,
                issuer != null && !issuer.equals(GATEWAY));
    }

    /** Whether nothing is known of the caller, who sees what everybody may see. */
    public boolean isAnonymous() {
        return name.equals(ServiceToken.ANONYMOUS);
    }

    public boolean mayWrite() {
        return scopes.contains(Scope.MODELS_WRITE);
    }

    /** Whether the caller may see and change what belongs to everybody. */
    public boolean seesEverything() {
        return platform || scopes.contains(Scope.ADMIN);
    }
}
