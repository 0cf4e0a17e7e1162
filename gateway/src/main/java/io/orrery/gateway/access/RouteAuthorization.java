package io.orrery.gateway.access;

import io.orrery.api.hub.HubError;
import io.orrery.api.identity.Scope;
import io.orrery.gateway.key.StoredKey;
import io.orrery.gateway.wire.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/** Grants what the table of routes grants, and says why not otherwise. */
final class RouteAuthorization implements AuthorizationManager<RequestAuthorizationContext> {
    private final AnonymousProperties anonymous;

    RouteAuthorization(AnonymousProperties anonymous) {
        this.anonymous = anonymous;
    }

    @Override
    public AuthorizationDecision authorize(
            Supplier<? extends @Nullable Authentication> caller, RequestAuthorizationContext context) {
        Optional<Route> route = Call.of(context.getRequest()).route();
        return new AuthorizationDecision(
                route.filter(row -> isGranted(row.access(), caller.get())).isPresent());
    }

    private boolean isGranted(Access access, @Nullable Authentication caller) {
        return switch (access) {
            case Access.Open _, Access.Signed _, Access.Passed _ -> true;
            case Access.AnyKey _ -> caller instanceof KeyAuthentication;
            case Access.Public(var scope) ->
                caller instanceof KeyAuthentication ? hasScope(caller, scope) : anonymous.reads();
            case Access.Needs(var scope) -> hasScope(caller, scope);
        };
    }

    private static boolean hasScope(@Nullable Authentication caller, Scope scope) {
        return caller instanceof KeyAuthentication key && key.key().scopes().contains(scope);
    }

    /** For a caller without a key. */
    static Refusal missingKey(HttpServletRequest request) {
        Refusal refusal = Refusal.of(
                HttpStatus.UNAUTHORIZED,
                "invalid_api_key",
                "No API key came with this request; send one as \"Authorization: Bearer hf_...\" or \"x-api-key:"
                        + " hf_...\".");
        boolean namesRepository = Call.of(request)
                .route()
                .filter(route -> route.destination() == Destination.REGISTRY)
                .isPresent();
        return namesRepository ? refusal.withHubCode(HubError.REPO_NOT_FOUND) : refusal;
    }

    /** For a caller whose key is good, but not for this. */
    static Refusal denied(HttpServletRequest request) {
        String asked = request.getMethod() + " " + request.getRequestURI();
        Optional<Route> route = Call.of(request).route();
        if (route.isPresent()) {
            return lacksScope(asked, route.get(), Callers.key(request));
        }
        Set<String> methods = Routes.methods(request.getRequestURI());
        if (methods.isEmpty()) {
            return Refusal.of(HttpStatus.NOT_FOUND, "unknown_url", "Unknown request URL: " + asked + ".");
        }
        return Refusal.of(
                HttpStatus.METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "Not allowed: " + asked + "; this path answers " + String.join(", ", methods) + ".");
    }

    private static Refusal lacksScope(String asked, Route route, Optional<StoredKey> key) {
        String needed = switch (route.access()) {
            case Access.Needs(var scope) -> scope.value();
            case Access.Public(var scope) -> scope.value();
            default -> "none";
        };
        return Refusal.of(
                HttpStatus.FORBIDDEN,
                "insufficient_scope",
                "Forbidden: the key " + key.map(StoredKey::prefix).orElse("") + "... lacks the scope " + needed
                        + " that " + asked + " needs; ask an administrator for a key that has it.");
    }
}
