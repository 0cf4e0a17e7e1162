package io.orrery.gateway.access;

import io.orrery.gateway.key.KeyCheck;
import io.orrery.gateway.key.KeySecret;
import io.orrery.gateway.key.Keys;
import io.orrery.gateway.wire.Refusal;
import io.orrery.gateway.wire.Refusals;
import io.orrery.gateway.wire.Wire;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Takes the key from {@code Authorization: Bearer} or {@code x-api-key}, of images also from {@code Basic}; never from the query, which proxies and browsers keep. */
class KeyFilter extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFilter.class);
    private static final String BEARER = "Bearer ";

    private final Keys keys;
    private final Refusals refusals;

    KeyFilter(Keys keys, Refusals refusals) {
        this.keys = keys;
        this.refusals = refusals;
    }

    /** Open and signed routes look at no key, so a stale one in a client's settings does no harm there. */
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return Call.of(request)
                .route()
                .map(Route::access)
                .filter(KeyFilter::needsNoKey)
                .isPresent();
    }

    private static boolean needsNoKey(Access access) {
        return switch (access) {
            case Access.Open _, Access.Signed _, Access.Passed _ -> true;
            case Access.AnyKey _, Access.Public _, Access.Needs _ -> false;
        };
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Refusal> refusal = secret(request).flatMap(this::authenticate);
        if (refusal.isPresent()) {
            refusals.write(refusal.get(), request, response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static Optional<KeySecret> secret(HttpServletRequest request) {
        boolean isImages = Wire.of(request.getRequestURI()) == Wire.IMAGES;
        Optional<String> password = isImages ? ImageTokenController.password(request) : Optional.empty();
        if (password.isPresent()) {
            return password.map(KeySecret::of);
        }
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (isImages && (BEARER + ImageTokenController.NOBODY).equalsIgnoreCase(authorization)) {
            return Optional.empty();
        }
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(
                    KeySecret.of(authorization.substring(BEARER.length()).strip()));
        }
        return Optional.ofNullable(request.getHeader("x-api-key"))
                .map(String::strip)
                .map(KeySecret::of);
    }

    /** Remembers the caller, or says why not. */
    private Optional<Refusal> authenticate(KeySecret secret) {
        KeyCheck check;
        try {
            check = keys.check(secret);
        } catch (DataAccessException e) {
            LOG.warn("keys cannot be checked", e);
            return Optional.of(Refusal.of(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "keys_unavailable",
                            "The gateway cannot reach its database to check the key; try again in a moment.")
                    .withRetryAfter(Duration.ofSeconds(2)));
        }
        return switch (check) {
            case KeyCheck.Good(var key) -> {
                SecurityContext context = SecurityContextHolder.createEmptyContext();
                context.setAuthentication(new KeyAuthentication(key));
                SecurityContextHolder.setContext(context);
                yield Optional.empty();
            }
            case KeyCheck.Unknown _ ->
                Optional.of(invalid(secret, "is not known here; check it, or ask an administrator for one"));
            case KeyCheck.Expired(var at) ->
                Optional.of(invalid(secret, "expired at " + at + "; ask an administrator for a new one"));
            case KeyCheck.Revoked(var at) ->
                Optional.of(invalid(secret, "was revoked at " + at + "; ask an administrator for a new one"));
        };
    }

    private static Refusal invalid(KeySecret secret, String reason) {
        String name = secret.prefix().isEmpty() ? "that was sent" : secret.prefix() + "...";
        return Refusal.of(HttpStatus.UNAUTHORIZED, "invalid_api_key", "The API key " + name + " " + reason + ".")
                .withHubMessage("Invalid credentials in Authorization header");
    }
}
