package io.orrery.registry.wire;

import io.orrery.api.identity.Scope;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * A route: what it answers to, and what a caller must be allowed to do.
 *
 * @param scope empty only where the address itself carries a signature
 * @param changes whether it changes anything, which nobody may do without a name
 */
public record HubRoute(HttpMethod method, String pattern, Optional<Scope> scope, boolean changes, Handler handler) {
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    /** A route that changes something where its method is one for that. */
    public HubRoute(HttpMethod method, String pattern, Optional<Scope> scope, Handler handler) {
        this(method, pattern, scope, !SAFE.contains(method), handler);
    }

    /** Answers a call, or throws {@link HubProblem}. */
    @FunctionalInterface
    public interface Handler {
        ServerResponse handle(HubCall call) throws IOException;
    }

    public static HubRoute read(HttpMethod method, String pattern, Handler handler) {
        return new HubRoute(method, pattern, Optional.of(Scope.MODELS_READ), handler);
    }

    /** A question that is too long for an address. */
    public static HubRoute query(String pattern, Handler handler) {
        return new HubRoute(HttpMethod.POST, pattern, Optional.of(Scope.MODELS_READ), false, handler);
    }

    public static HubRoute write(HttpMethod method, String pattern, Handler handler) {
        return new HubRoute(method, pattern, Optional.of(Scope.MODELS_WRITE), handler);
    }

    public static HubRoute signed(HttpMethod method, String pattern, Handler handler) {
        return new HubRoute(method, pattern, Optional.empty(), handler);
    }
}
