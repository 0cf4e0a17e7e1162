package io.orrery.registry.wire;

import io.orrery.api.identity.Scope;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * A route: what it answers to, and what a caller must be allowed to do.
 *
 * @param scope empty only where the address itself carries a signature
 */
public record HubRoute(HttpMethod method, String pattern, Optional<Scope> scope, Handler handler) {
    /** Answers a call, or throws {@link HubProblem}. */
    @FunctionalInterface
    public interface Handler {
        ServerResponse handle(HubCall call) throws IOException;
    }

    public static HubRoute read(HttpMethod method, String pattern, Handler handler) {
        return new HubRoute(method, pattern, Optional.of(Scope.MODELS_READ), handler);
    }

    public static HubRoute write(HttpMethod method, String pattern, Handler handler) {
        return new HubRoute(method, pattern, Optional.of(Scope.MODELS_WRITE), handler);
    }

    public static HubRoute signed(HttpMethod method, String pattern, Handler handler) {
        return new HubRoute(method, pattern, Optional.empty(), handler);
    }
}
