package io.orrery.gateway.access;

import io.orrery.api.hub.WhoAmI;
import io.orrery.api.identity.Scope;
import io.orrery.gateway.key.StoredKey;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers {@code hf auth login} and the JavaScript client: whom a key names. A project is its own namespace of repositories. */
@RestController
class WhoAmIController {
    @GetMapping("/api/whoami-v2")
    WhoAmI whoAmI(HttpServletRequest request) {
        StoredKey key = Callers.key(request)
                .orElseThrow(() -> new IllegalStateException("the route of whoami-v2 let a caller in without a key"));
        String role = key.scopes().contains(Scope.MODELS_WRITE) ? "write" : "read";
        return new WhoAmI(
                "user",
                key.id(),
                key.project(),
                key.project(),
                false,
                false,
                false,
                List.of(),
                new WhoAmI.Auth("access_token", new WhoAmI.AccessToken(key.name(), role)));
    }
}
