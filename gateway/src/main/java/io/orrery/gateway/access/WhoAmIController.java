package io.orrery.gateway.access;

import io.orrery.api.hub.WhoAmI;
import io.orrery.api.identity.Scope;
import io.orrery.gateway.key.StoredKey;
import jakarta.servlet.http.HttpServletRequest;
import java.time.temporal.ChronoUnit;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers {@code hf auth login} and the JavaScript client: whom a key names. A project is its own namespace of repositories. */
@RestController
class WhoAmIController {
    @GetMapping("/api/whoami-v2")
    WhoAmI whoAmI(HttpServletRequest request) {
        StoredKey key = Callers.key(request)
                .orElseThrow(() -> new IllegalStateException("the route of whoami-v2 let a caller in without a key"));
        WhoAmI.AccessToken token = WhoAmI.AccessToken.of(
                key.name(),
                key.scopes().contains(Scope.MODELS_WRITE),
                key.createdAt().truncatedTo(ChronoUnit.MILLIS));
        return WhoAmI.of(key.id(), key.project(), token);
    }
}
